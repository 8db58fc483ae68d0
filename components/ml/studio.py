"""A team's SageMaker Studio: in the VPC only, with the team's key, a profile per member, apps that stop when idle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components import words
from components.ml.startup import startup
from components.network.groups import APPS, Ports, reach_endpoints, workload_group
from zone import names
from zone.facts.studio_types import hidden

_SMALLEST_VOLUME_GB = 5
"""SageMaker API, DefaultEbsStorageSettings: the smallest volume of a space [GB]."""


@dataclass(frozen=True, kw_only=True)
class ProfileArgs:
    """One person's profile."""

    role: str
    """Execution role, a key of `role_arns`."""

    email: str
    """Sign-in name: of an Identity Center user, or the tag of the session that may open the profile."""

    may_open: bool
    """False: the person has left, the profile stays for its spaces' sake and its tag is nobody's."""


@dataclass(frozen=True, kw_only=True)
class CustomImageArgs:
    """What a domain says of one image."""

    app: str
    """Which app runs it: jupyterlab or code_editor. Plain."""

    image_name: pulumi.Input[str]
    """Name of the SageMaker image."""

    version: pulumi.Input[int]
    """Number of its version."""

    config_name: pulumi.Input[str]
    """Name of the app's configuration of it."""


@dataclass(frozen=True, kw_only=True)
class StudioArgs:
    """Inputs of Studio."""

    account_key: str
    """Account of the domain; part of its name."""

    auth_mode: str
    """How people sign in: IAM or SSO."""

    profiles: Mapping[str, ProfileArgs]
    """A profile each, by its name. Plain: they decide which resources exist."""

    shared_spaces: Mapping[str, str]
    """Owner's profile by shared space. Plain likewise."""

    instance_types: Sequence[str]
    """Instance types of apps; the first is the default, no other is offered."""

    space_storage_gb: int
    """Volume of a shared space, and the largest of a private one [GB]."""

    idle_minutes: int
    """Idle time after which an app stops [minutes]."""

    keep_home: bool
    """Whether the home file system stays when the domain goes."""

    disposable: bool
    """Whether destroying the stack deletes domain and spaces."""

    vpc_id: pulumi.Input[str]
    """The team's VPC."""

    subnet_ids: Sequence[pulumi.Input[str]]
    """Private subnets."""

    endpoint_security_group_id: pulumi.Input[str]
    """Security group of the VPC's interface endpoints."""

    beyond: Mapping[str, str]
    """Blocks by name that apps reach by TLS through a transit gateway [IPv4]. Plain."""

    gateway_prefix_list_ids: Mapping[str, pulumi.Input[str]]
    """AWS's prefix list by key of a gateway endpoint. Plain but for its values: it decides which rules exist."""

    key_arn: pulumi.Input[str]
    """KMS key of the home file system and the spaces' volumes."""

    role_arns: Mapping[str, pulumi.Input[str]]
    """Execution role by persona role: data-scientist, ml-engineer …"""

    sdk_defaults: str
    """SSM parameter with the SageMaker Python SDK's configuration; apps take it when they start, if it is there."""

    tracking_uri: str
    """SSM parameter with the address of an MLflow server; apps take it when they start. Empty: there is none."""

    packages: str
    """SSM path below which it says where packages come from; empty: nowhere, and pip is left as it is. Plain."""

    custom_images: Sequence[CustomImageArgs]
    """Own images that apps may run besides AWS's."""


class Studio(pulumi.ComponentResource):
    """A Studio domain, its profiles and its shared spaces.

    Home volumes: with `keep_home` AWS keeps the file system when the domain goes. Domain and shared spaces are
    protected and stay when the stack goes, unless the account is disposable. A profile goes with its member; the
    member's files stay in the home file system.

    A change of VPC, key, name, authentication or the group that every app carries replaces the domain, which protection
    refuses. Subnets and retention stay as they were when the domain was made: AWS changes the first in place and asks
    for the second at the deletion only, but the provider would replace the domain for either (pulumi-aws 7.21.0).
    """

    domain_id: pulumi.Output[str]
    """Id of the domain, d-…"""

    domain_arn: pulumi.Output[str]
    """ARN of the domain."""

    security_group_id: pulumi.Output[str]
    """Security group that every app carries."""

    def __init__(self, name: str, args: StudioArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Studio", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        single = child.merge(pulumi.ResourceOptions(delete_before_replace=True))
        kept = single.merge(pulumi.ResourceOptions(protect=not args.disposable, retain_on_delete=not args.disposable))
        words.among(("IAM", "SSO"), way_to_sign_in=[args.auth_mode])
        words.among(args.role_arns, role_of_a_profile=(profile.role for profile in args.profiles.values()))
        words.among(args.role_arns, role=[names.PERSONA_ROLES["data_scientist"]])
        words.among(args.profiles, owner_of_a_shared_space=args.shared_spaces.values())
        default_role = args.role_arns[names.PERSONA_ROLES["data_scientist"]]

        # A person's apps reach each other and nobody else's: who reached another's app would work as that person. So no
        # port is open in the group that every app carries, and a profile's own group opens ports among its apps only
        # (SageMaker adds up the groups of domain and profile). Source: SageMaker Developer Guide, "Connect Studio in a
        # VPC to external resources", and API Reference, UserSettings, read 2026-11-29.
        def group(what: str, description: str, within: Ports) -> aws.ec2.SecurityGroup:
            tag = f"{args.account_key}-{what}"
            return workload_group(f"{name}-{what}", description, args.vpc_id, within, tag=tag, child=child)

        every, shared = group("studio", "Every Studio app: the way to AWS", {}), group("spaces", "Shared spaces", APPS)
        reach_endpoints(
            f"{name}-studio",
            every,
            args.endpoint_security_group_id,
            args.gateway_prefix_list_ids,
            child,
            beyond=args.beyond,
        )

        # They outlive the stack with the domain that names them.
        left = child.merge(pulumi.ResourceOptions(retain_on_delete=not args.disposable))
        scripts = startup(
            name, args.account_key, args.sdk_defaults, left, tracking_uri=args.tracking_uri, packages=args.packages
        )

        domain = aws.sagemaker.Domain(
            f"{name}-domain",
            domain_name=names.domain(args.account_key),
            auth_mode=args.auth_mode,
            vpc_id=args.vpc_id,
            subnet_ids=args.subnet_ids,
            app_network_access_type="VpcOnly",
            kms_key_id=args.key_arn,
            # Each app's calls carry the profile's name, so that CloudTrail and policies see the person.
            domain_settings={
                "execution_role_identity_config": "USER_PROFILE_NAME",
                "security_group_ids": [every.id],
                "docker_settings": {"enable_docker_access": "DISABLED"},
            },
            default_user_settings={
                "execution_role": default_role,
                "security_groups": [every.id],
                "studio_web_portal": "ENABLED",
                # Nobody is offered what roles and guardrails would refuse.
                "studio_web_portal_settings": {"hidden_instance_types": list(hidden(args.instance_types))},
                "default_landing_uri": "studio::",
                "space_storage_settings": {
                    "default_ebs_storage_settings": {
                        "default_ebs_volume_size_in_gb": _SMALLEST_VOLUME_GB,
                        "maximum_ebs_volume_size_in_gb": args.space_storage_gb,
                    }
                },
                # A notebook's output may hold data: it is not shared by a link.
                "sharing_settings": {"notebook_output_option": "Disabled"},
                "jupyter_lab_app_settings": _app_settings(args, scripts["jupyter"], "jupyterlab"),
                "code_editor_app_settings": _app_settings(args, scripts["editor"], "code_editor"),
            },
            default_space_settings={
                "execution_role": default_role,
                "security_groups": [every.id, shared.id],
                "jupyter_lab_app_settings": _app_settings(args, scripts["jupyter"], "jupyterlab"),
            },
            retention_policy={"home_efs_file_system": "Retain" if args.keep_home else "Delete"},
            tag_propagation="ENABLED",
            opts=kept.merge(pulumi.ResourceOptions(ignore_changes=["subnetIds", "retentionPolicy"])),
        )
        profiles = {
            key: aws.sagemaker.UserProfile(
                f"{name}-profile-{key}",
                domain_id=domain.id,
                user_profile_name=key,
                single_sign_on_user_identifier="UserName" if args.auth_mode == "SSO" else None,
                single_sign_on_user_value=profile.email if args.auth_mode == "SSO" else None,
                # No user name has a space, so nobody's session bears the tag of who has left.
                tags={names.PERSON_TAG: profile.email if profile.may_open else f"left: {profile.email}"},
                user_settings={
                    "execution_role": args.role_arns[profile.role],
                    "security_groups": [group(f"profile-{key}", f"Studio apps of {key}", APPS).id],
                },
                opts=single,
            )
            for key, profile in args.profiles.items()
        }
        for space, owner in args.shared_spaces.items():
            aws.sagemaker.Space(
                f"{name}-space-{space}",
                domain_id=domain.id,
                space_name=space,
                ownership_settings={"owner_user_profile_name": profiles[owner].user_profile_name},
                space_sharing_settings={"sharing_type": "Shared"},
                space_settings={
                    "app_type": "JupyterLab",
                    "space_storage_settings": {
                        "ebs_storage_settings": {"ebs_volume_size_in_gb": args.space_storage_gb}
                    },
                },
                # UpdateSpace takes neither owner nor sharing; the provider would say it had changed them.
                opts=kept.merge(
                    pulumi.ResourceOptions(replace_on_changes=["ownershipSettings", "spaceSharingSettings"])
                ),
            )

        self.domain_id = domain.id
        self.domain_arn = domain.arn
        self.security_group_id = every.id
        self.register_outputs(
            {
                "domain_id": self.domain_id,
                "domain_arn": self.domain_arn,
                "security_group_id": self.security_group_id,
            }
        )


def _app_settings(args: StudioArgs, script: pulumi.Output[str], app: str) -> Any:  # noqa: ANN401 - three generated types of equal shape take it
    """Return an app's settings: the first notebook type is the default, idle apps stop and nobody can turn it off."""
    minutes = args.idle_minutes
    settings: dict[str, Any] = {
        "app_lifecycle_management": {
            "idle_settings": {
                "lifecycle_management": "ENABLED",
                "idle_timeout_in_minutes": minutes,
                "min_idle_timeout_in_minutes": min(60, minutes),
                "max_idle_timeout_in_minutes": minutes,
            }
        },
        # Built in: every start runs it, whatever the person has chosen.
        "built_in_lifecycle_config_arn": script,
    }
    if images := [image for image in args.custom_images if image.app == app]:
        settings["custom_images"] = [
            {
                "image_name": image.image_name,
                "image_version_number": image.version,
                "app_image_config_name": image.config_name,
            }
            for image in images
        ]
    if args.instance_types:
        settings["default_resource_spec"] = {"instance_type": args.instance_types[0]}
    return settings
