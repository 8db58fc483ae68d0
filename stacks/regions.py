"""What a team stack has in a further region: a network, keys, buckets, models, its own contract. IAM stays one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.access.grants.place import Place
from components.access.grants.regions import Site, further_place
from components.account.contract import Contract, ContractArgs
from components.account.region import in_region
from components.encryption.keys import Keys, KeysArgs
from components.ml.models import Models, ModelsArgs
from components.ml.replication import Replication, ReplicationArgs
from components.ml.sdk_defaults import sdk_defaults
from components.network.flow_logs import FlowLogs, FlowLogsArgs
from components.network.network import Network, NetworkArgs
from components.storage.bucket import Bucket, BucketArgs
from stacks.inputs import endpoints_of, team_of
from zone import names
from zone.plan.zone import TeamPlan

SERVICE_SIDE: Mapping[str, tuple[str, ...]] = {**names.SERVICE_SIDE_ROLES, "data": ()}
"""Roles by bucket that work from AWS's own network; Feature Store keeps nothing in a further region."""


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What roles name in a further region."""

    region: str
    """The region."""

    network: Network
    """Its network."""

    keys: Keys
    """Its keys."""

    there: pulumi.ResourceOptions
    """The account's provider, and the region."""

    @property
    def site(self) -> Site:
        """For the roles."""
        return Site(
            subnet_ids=list(self.network.subnet_ids.values()),
            security_group_id=self.network.workload_security_group_id,
            key_arns=self.keys.arns,
        )


def grounds(plan: TeamPlan, there: pulumi.ResourceOptions) -> dict[str, Ground]:
    """Register networks and keys of the further regions."""
    return {region: _ground(plan, region, in_region(region, there)) for region in plan.regions}


def _ground(plan: TeamPlan, region: str, there: pulumi.ResourceOptions) -> Ground:
    account, further, name = plan.account, plan.regions[region], f"{plan.team}-{region}"
    network = Network(
        name,
        NetworkArgs(
            account_key=account.key,
            region=region,
            cidr=str(further.network.cidr),
            subnets={zone: str(block) for zone, block in further.network.subnets.items()},
            endpoints=endpoints_of(plan, region),
            distributed=plan.max_instances_per_job > 1,
            beyond={},  # the hub is at home
        ),
        opts=there,
    )
    keys = Keys(
        name,
        KeysArgs(
            account_key=account.key,
            account_id=account.account_id,
            region=region,
            provisioning_role=account.role,
            outside={},  # what is shared is shared at home
            purposes=names.FURTHER_KEY_PURPOSES,
            deletion_days=plan.key_deletion_days,
            disposable=account.disposable,
            kept=(),
        ),
        opts=there,
    )
    return Ground(region=region, network=network, keys=keys, there=there)


def fill(
    plan: TeamPlan, ground: Ground, boundary_arn: pulumi.Input[str], role_arns: Mapping[str, pulumi.Input[str]]
) -> Models | None:
    """Register what is on *ground*; return its models."""
    account, region, keys = plan.account, ground.region, ground.keys
    name = f"{plan.team}-{region}"
    FlowLogs(
        name,
        FlowLogsArgs(
            account_key=account.key,
            account_id=account.account_id,
            region=region,
            network="",
            vpc_id=ground.network.vpc_id,
            key_arn=keys.arns["logs"],
            boundary_arn=boundary_arn,
            retention_days=plan.log_retention_days,
            disposable=account.disposable,
            further=True,
        ),
        opts=ground.there,
    )
    buckets = {purpose: _bucket(plan, ground, purpose) for purpose in names.BUCKET_PURPOSES}
    models = None
    if plan.models:
        models = Models(
            name,
            ModelsArgs(
                team=plan.team,
                models=plan.models,
                account_id=account.account_id,
                region=region,
                provisioning_role=account.role,
                disposable=account.disposable,
                key_arn=keys.arns["models"],
                takers={},  # what goes to another environment goes from home
            ),
            opts=ground.there,
        )
    place = further_place(team_of(plan), region, ground.site)
    Contract(
        name,
        ContractArgs(values=_published(place, ground, buckets, role_arns)),
        opts=ground.there,
    )
    return models


def copy_images(plan: TeamPlan, there: Sequence[Models | None], opts: pulumi.ResourceOptions) -> None:
    """Register the rule that copies new images to the repositories of the further regions, in their order.

    Args:
        plan: what the team has.
        there: what fill() made in each region.
        opts: the account's provider; the rule is the home registry's.
    """
    found = {
        region: list(models.repository_names.values())
        for region, models in zip(plan.regions, there, strict=True)
        if models
    }
    if found:
        args = ReplicationArgs(team=plan.team, account_id=plan.account.account_id, repositories=found)
        Replication(plan.team, args, opts=opts)


def _bucket(plan: TeamPlan, ground: Ground, purpose: str) -> Bucket:
    account = plan.account
    return Bucket(
        f"{plan.team}-{ground.region}-{purpose}",
        BucketArgs(
            bucket_name=names.bucket(account.key, purpose, account.account_id, ground.region),
            account_id=account.account_id,
            organization_id=plan.organization_id,
            key_arn=ground.keys.arns[purpose],
            provisioning_role=account.role,
            service_role_arns=[names.role_arn(account.account_id, role) for role in SERVICE_SIDE[purpose]],
            outside=(),
            disposable=account.disposable,
        ),
        opts=ground.there,
    )


def _published(
    place: Place, ground: Ground, buckets: Mapping[str, Bucket], role_arns: Mapping[str, pulumi.Input[str]]
) -> dict[str, pulumi.Input[str]]:
    """The contract there: the same paths as at home, so that code asks its own region and needs no other."""
    network = ground.network
    return {
        "network/vpc-id": network.vpc_id,
        "network/subnet-ids": pulumi.Output.all(*network.subnet_ids.values()).apply(",".join),
        "network/security-group-id": network.workload_security_group_id,
        names.SDK_DEFAULTS: sdk_defaults(place, {}),  # MLflow is at home, and no way leads there
        **{f"keys/{purpose}": arn for purpose, arn in ground.keys.arns.items()},
        **{f"buckets/{purpose}": bucket.name for purpose, bucket in buckets.items()},
        **{f"roles/{role}": arn for role, arn in role_arns.items()},
    }
