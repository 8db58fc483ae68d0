"""Facts about an environment and about the organisation: the types of the environment.yaml files."""

from enum import StrEnum
from ipaddress import IPv4Network
from typing import Annotated, Final, Literal

from pydantic import Field

from zone.specs.hub import Hub
from zone.specs.integration import GitHub, GitLab, OtherIssuer
from zone.specs.mlflow import AnyMlflow
from zone.specs.packages import Packages
from zone.specs.registry import Registry
from zone.specs.spec import Spec
from zone.specs.values import (
    AccountId,
    BucketName,
    Email,
    Quotas,
    Region,
    RoleName,
    RolePattern,
    SignInPrincipal,
    Text,
    Unique,
    UnitPath,
    Zone,
)


class IdentityCenterSignIn(Spec):
    """People sign in at the access portal of IAM Identity Center and open their own Studio profile from there."""

    by: Literal["identity_center"]
    """The org stack makes a permission set a persona and assigns it to each member; `./mlz people` says who lacks."""


class FederatedSignIn(Spec):
    """People come from a sign-in of the organisation's own, which hands over their e-mail as the tag mlz-person."""

    by: Literal["federation"]
    """Each team's stack makes an entry role a persona, mlz-enter-<persona>."""

    trusted: Unique[SignInPrincipal] = Field(min_length=1)
    """Who vouches for people: saml-provider/NAME of the team's account, or a role in the organisation."""


class FurtherRegion(Spec):
    """A region besides the environment's own, in which its teams may train and serve too."""

    zones: Unique[Zone] = Field(min_length=2, max_length=4)
    """Availability zone letters there [2 to 4]; the order is fixed, a zone is added at the end."""

    address_pool: IPv4Network
    """Block the teams' networks there are cut from [IPv4]; no two pools overlap."""

    quotas: Quotas = Field({})
    """Quotas AWS has raised there in every account of the environment → value they have: a quota is a region's."""


class Environment(Spec):
    """Facts about one environment (dev, prod …): accounts/<environment>/environment.yaml."""

    kind: Literal["environment"]
    """Which kind of file this is."""

    region: Region
    """AWS region of all accounts of the environment."""

    zones: Unique[Zone] = Field(min_length=2, max_length=4)
    """Availability zone letters [2 to 4]; the order is fixed, a zone is added at the end."""

    address_pool: IPv4Network
    """Block the accounts' networks are cut from [IPv4]; no two environments overlap."""

    organizational_unit: UnitPath
    """Path of the OU of the environment's accounts, e.g. Workloads/Dev."""

    studio_auth: Literal["IAM", "SSO"] = "IAM"
    """IAM: people open Studio by a right in the account, see sign_in. SSO: Identity Center's portal opens it."""

    sign_in: Annotated[IdentityCenterSignIn | FederatedSignIn, Field(discriminator="by")] | None = None
    """How people get the right to open Studio where studio_auth is IAM; left out where it is SSO."""

    mlflow: AnyMlflow
    """The environment's MLflow: managed by SageMaker (shared with isolation: none, or per_team), or on Fargate."""

    registry: Registry = Registry.SAGEMAKER
    """Where a version of a model is judged. sagemaker: a reviewer approves the model package, MLflow's version follows.
    mlflow: the version's alias in MLflow decides and the package follows; each package must then name that version."""

    log_retention_days: Literal[30, 60, 90, 180, 365, 400, 545, 731, 1827, 3653] = 365
    """Retention of flow logs and job logs [days, one CloudWatch Logs knows]."""

    key_deletion_days: Annotated[int, Field(ge=7, le=30)] = 30
    """Waiting time before a KMS key is really deleted [days, 7 to 30]."""

    quotas: Quotas = Field({})
    """Quotas AWS has raised in every account of the environment → value they have; `./mlz quotas` lists what to ask."""

    hub: Hub | None = None
    """A hub network in the platform account: transit gateway, central endpoints, the way out; left out: there is none.
    """
    regions: dict[Region, FurtherRegion] = Field(default_factory=dict)
    """Further regions, each with zones and addresses; a team is there that names it. Studio, features and MLflow stay
    in `region`."""
    packages: Packages | None = None
    """Packages of PyPI, npm and Maven for the teams' notebooks and jobs; left out: there is no such way."""


CONTROL_TOWER_ROLE: Final = "AWSControlTowerExecution"
"""Role in every enrolled account that trusts the management account, with administrator's rights.

Source: Control Tower User Guide, "The AWSControlTowerExecution role, explained", read 2026-11-30.
"""


class GuardrailTargets(StrEnum):
    """Whom guardrails hold."""

    UNITS = "units"
    """The organisational units our files name, which then hold no account of others."""

    ACCOUNTS = "accounts"
    """Each account that has a file, whatever lies beside it."""

    ROOT = "root"
    """The whole organisation, accounts without a file too."""


LeftOut = Literal[
    "deny-leaving",
    "deny-root",
    "deny-other-regions",
    "deny-lasting-credentials",
    "protect-logs",
    "required-tags",
    "ec2-defaults",
    "ai-opt-out",
]
"""Guardrails that say nothing of ours, so that somebody else's control can do the same."""


class Guardrails(Spec):
    """Whom our guardrails hold, and which of them somebody else enforces already."""

    targets: GuardrailTargets = GuardrailTargets.UNITS
    """units: the organisational units named here, refused where they hold accounts of others. accounts: each account
    that has a file. root: everybody, accounts without a file too."""

    exempt_roles: Unique[RolePattern] = ()
    """Further roles that may do what only Pulumi may, such as AWSAFTExecution or stacksets-exec-*: each is a hole."""

    elsewhere: dict[LeftOut, Text] = Field(default_factory=dict)
    """Guardrails left out because something else enforces the same: guardrail → what does, such as Control Tower's
    AWS-GR_RESTRICT_ROOT_USER."""


class Organization(Spec):
    """Facts about the organisation: accounts/org/environment.yaml."""

    kind: Literal["organization"]
    """Which kind of file this is."""

    owner: Email
    """Who answers for the organisation; becomes the tag mlz:owner."""

    cost_centre: Text
    """Who pays; becomes the tag mlz:cost-centre."""

    management_account_id: AccountId
    """Id of the management account; quote it."""

    home_region: Region
    """Region of the organisation's own resources."""

    allowed_regions: Unique[Region] = Field(min_length=1)
    """Regions any account may use; all others are denied by a service control policy."""

    opt_in_regions: Unique[Region] = ()
    """Regions that AWS keeps off until somebody enables them in each account, and that somebody does enable."""

    organizational_unit: UnitPath = "Security"
    """Path of the OU of the log archive and security accounts."""

    on_premises: Unique[IPv4Network] = ()
    """Networks in use elsewhere; no account's block may overlap them."""

    promotion: Unique[Text] = ()
    """Environments in the order in which CI deploys them, each after the one before it; left out: by name."""

    provisioning_role: RoleName = "OrganizationAccountAccessRole"
    """Role in each member account that Pulumi assumes from the management account."""

    pull_request_role: RoleName | None = None
    """Role in the management account that pull requests' previews sign in to; each account then has a role
    mlz-preview, which only reads and which only that role may assume."""

    state_bucket: BucketName | None = None
    """Bucket of Pulumi's state in the management account; default: mlz-state-<its id>. `./mlz bootstrap` makes it."""

    continuous_integration: Annotated[GitHub | GitLab | OtherIssuer, Field(discriminator="by")] | None = None
    """Whose jobs deploy; `./mlz bootstrap` makes a role for each environment, which trusts that environment's jobs."""

    account_factory: Literal["organizations", "control_tower"] = "organizations"
    """Who makes accounts: the org stack, or Control Tower's account factory (AFT too). Then their ids are recorded by
    `./mlz adopt`, units and accounts are left as they are, and AWSControlTowerExecution is the provisioning role unless
    another is named."""

    guardrails: Guardrails = Field(default_factory=Guardrails)
    """Where service control policies and their like are attached."""

    budget_alert_email: Email
    """Where alerts of the whole organisation's budget go."""

    quotas: Quotas = Field({})
    """Quotas AWS has raised in the management account → value they have, e.g. organizations/L-E619E033: 20."""

    @property
    def working_role(self) -> str:
        """The role Pulumi assumes in each member account."""
        if self.account_factory == "control_tower" and "provisioning_role" not in self.model_fields_set:
            return CONTROL_TOWER_ROLE
        return self.provisioning_role
