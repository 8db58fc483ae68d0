"""The plan: what plan.py decides and components build. Frozen, plain values; no pulumi, no YAML."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network

from zone.guardrails.enforcement import Guardrail, OrganizationPolicy
from zone.names import UNASSIGNED
from zone.plan.account import AccountPlan
from zone.plan.adopted import Adopted
from zone.plan.endpoint import EndpointPlan
from zone.plan.fixed import Fixed
from zone.plan.hub import HubPlan, SpokePlan
from zone.plan.images import BuildsPlan, ImagesPlan, StudioImagePlan
from zone.plan.integration import IntegrationPlan
from zone.plan.mlflow import AnyMlflowPlan, ServerPlan
from zone.plan.network import NetworkPlan
from zone.plan.packages import PackagesPlan
from zone.plan.portal import PortalPlan
from zone.plan.promotions import PromotionPlan
from zone.plan.scheduling import ScheduledPlan
from zone.plan.serving import ServingPlan
from zone.plan.shares import Share
from zone.specs.account import InstanceTypes, Member, Studio
from zone.specs.features import FeatureGroup
from zone.specs.mlflow import FargateMlflow, PerTeamMlflow, SharedMlflow
from zone.specs.registry import Registry
from zone.specs.vocabulary import Persona


@dataclass(frozen=True, kw_only=True)
class RegionPlan:
    """What a team has in a further region: a network, buckets, keys, models; neither Studio nor features nor MLflow."""

    network: NetworkPlan
    """Addresses there."""

    endpoints: tuple[EndpointPlan, ...]
    """The smallest set of VPC endpoints that jobs and models need there."""

    quotas: Mapping[str, int]
    """Quotas AWS has raised there, as service/code → value."""


@dataclass(frozen=True, kw_only=True)
class TeamPlan:
    """All one team stack needs."""

    account: AccountPlan
    """The account the stack runs in."""

    team: str
    """The team: the file's stem, e.g. fraud."""

    organization_id: str
    """Id of the organisation (o-…); empty until the org stack has run once."""

    network: NetworkPlan
    """Addresses."""

    endpoints: tuple[EndpointPlan, ...]
    """The smallest set of VPC endpoints the declared features need."""

    members: Mapping[str, Member]
    """People by Studio profile name."""

    groups: Mapping[str, Persona]
    """Groups of Identity Center that come in as a persona."""

    studio: Studio
    """The Studio domain."""

    studio_auth: str
    """IAM or SSO."""

    trusted: tuple[str, ...]
    """Who vouches for people where they come from a sign-in of the organisation's own."""

    instance_types: InstanceTypes
    """Allowed instance types per use; an empty list: the team has no such job."""

    max_instances_per_job: int
    """Count."""

    max_runtime_hours: int
    """Hours."""

    datasets: tuple[str, ...]
    """Data sets the team owns: prefixes of its data bucket."""

    feature_groups: Mapping[str, FeatureGroup]
    """Feature groups by name."""

    models: tuple[str, ...]
    """Model package groups and image repositories."""

    shares_out: tuple[Share, ...]
    """What other teams may read here."""

    shares_in: tuple[Share, ...]
    """What this team may read elsewhere."""

    mlflow: AnyMlflowPlan
    """Where runs are logged."""

    log_retention_days: int
    """Days."""

    key_deletion_days: int
    """Days."""

    platform_account_id: str = UNASSIGNED
    """Account of the environment's platform; UNASSIGNED until it is made."""

    hub: SpokePlan | None = None
    """What the team has of its environment's hub; None: its network is not attached."""

    regions: Mapping[str, RegionPlan] = field(default_factory=dict)
    """What it has in further regions, by region."""

    promotions_out: tuple[PromotionPlan, ...] = ()
    """Models of this team that a later environment may deploy."""

    promotions_in: tuple[PromotionPlan, ...] = ()
    """Models of an earlier environment that may be deployed here."""

    serving: Mapping[str, ServingPlan] = field(default_factory=dict)
    """Endpoints that answer with models, by name."""

    registry: Registry = Registry.SAGEMAKER
    """Where a version of a model is judged."""
    shared_images: tuple[str, ...] = ()
    """ARNs of the platform's image repositories."""

    studio_images: Mapping[str, StudioImagePlan] = field(default_factory=dict)
    """Own images that Studio offers, by name."""

    builds: BuildsPlan | None = None
    """How the team's images are built; None: they are not."""

    packages: PackagesPlan | None = None
    """Where packages come from; None: there is no such place."""

    scheduled: ScheduledPlan = field(default_factory=ScheduledPlan)
    """What starts by schedule."""

    @property
    def keep_home(self) -> bool:
        """Whether the members' files outlive the domain."""
        said = self.studio.keep_home
        return not self.account.disposable if said is None else said


@dataclass(frozen=True, kw_only=True)
class PlatformPlan:
    """All an environment's platform stack needs."""

    account: AccountPlan
    """The platform account."""

    organization_id: str
    """Id of the organisation (o-…); empty until the org stack has run once."""

    mlflow: SharedMlflow | PerTeamMlflow | FargateMlflow
    """How the teams share MLflow, and how large it is."""

    teams: Mapping[str, AccountPlan]
    """Team accounts of the environment by team."""

    log_retention_days: int
    """Days."""

    key_deletion_days: int
    """Days."""

    network: NetworkPlan | None = None
    """Addresses of what runs in the account itself; None: nothing does."""

    endpoints: tuple[EndpointPlan, ...] = ()
    """VPC endpoints of that network."""

    clients: Mapping[str, IPv4Network] = field(default_factory=dict)
    """Block of each team's network where it reaches MLflow by route; none where an endpoint service joins them."""

    servers: Mapping[str, ServerPlan] = field(default_factory=dict)
    """MLflow servers on Fargate by key; none where SageMaker runs them."""

    hub: HubPlan | None = None
    """The environment's hub; None: it has none."""
    images: ImagesPlan = field(default_factory=ImagesPlan)
    """Image repositories and caches."""

    packages: PackagesPlan | None = None
    """The package repository; None: there is none."""


@dataclass(frozen=True, kw_only=True)
class OrganizationPlan:
    """All the org stack needs."""

    management_account_id: str
    """12 digits."""

    organization_id: str
    """o-…; empty until the org stack has run once."""

    home_region: str
    """Region of the organisation's own resources."""

    allowed_regions: tuple[str, ...]
    """Regions any account may use."""

    organizational_units: tuple[str, ...]
    """OU paths, parents before children."""

    accounts: Mapping[str, AccountPlan]
    """Member accounts by key."""

    retired: Mapping[str, str]
    """Ids of accounts that were given up and not closed yet, by the key they had."""

    guardrails: tuple[Guardrail, ...]
    """What AWS enforces, one thing each."""

    policies: tuple[OrganizationPolicy, ...]
    """The guardrails as they are attached, under AWS's limits."""

    tags: Mapping[str, str]
    """Required tags of what the org stack makes."""

    budget_alert_email: str
    """Where the organisation's budget alerts go."""

    quotas: Mapping[str, int]
    """Quotas AWS has raised in the management account, as service/code → value."""

    portal: PortalPlan
    """Who opens Studio from Identity Center's portal."""

    preview_caller_arn: str | None
    """Role that may read in the management account for pull requests' previews; None: nobody."""

    state_bucket: str = ""
    """Bucket of Pulumi's state in the management account."""

    integration: IntegrationPlan | None = None
    """The CI that deploys; None: people do."""

    adopted: Adopted | None = None
    """What the organisation had before us; None: the org stack made it."""

    account_factory: str = "organizations"
    """Who makes accounts: organizations, or control_tower."""

    elsewhere: tuple[str, ...] = ()
    """Guardrails that something else enforces already."""

    sharing: bool = False
    """Whether accounts share things within the organisation: hubs do."""

    def retired_tags(self, key: str) -> dict[str, str]:
        """Tags of a retired account: the organisation answers and pays for it now."""
        return {**self.tags, "mlz:account": key}


@dataclass(frozen=True, kw_only=True)
class ZonePlan:
    """The whole landing zone."""

    organization: OrganizationPlan
    """The org stack."""

    platforms: Mapping[str, PlatformPlan] = field(default_factory=dict)
    """Platform stacks by stack name (dev, prod)."""

    teams: Mapping[str, TeamPlan] = field(default_factory=dict)
    """Team stacks by stack name (dev-fraud)."""

    promotion: tuple[str, ...] = ()
    """Environments in the order in which they are deployed."""

    fixed: Fixed = field(default_factory=Fixed)
    """What ids.lock.yaml is to record of what AWS never changes."""
