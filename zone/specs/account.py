"""The YAML's types: what a platform team writes, one class a block. Meaning, unit and range stand at each field."""

from datetime import date
from ipaddress import IPv4Network
from typing import Annotated, Final, Literal

from pydantic import Field

from zone.specs.features import FeatureGroup
from zone.specs.registry import Models
from zone.specs.scheduling import Batch, Monitor
from zone.specs.serving import Endpoint
from zone.specs.spec import Spec
from zone.specs.values import (
    DatasetPath,
    Email,
    GroupId,
    InstanceType,
    Key,
    MemberKey,
    PrefixListId,
    Quotas,
    Region,
    SubnetId,
    Text,
    Unique,
    UserName,
    VpcId,
    Zone,
)
from zone.specs.vocabulary import DataClass, Persona


class Member(Spec):
    """One person of a team."""

    email: Email
    """Work e-mail address."""

    persona: Persona
    """What the person does; decides the role of the Studio profile."""

    user: UserName | None = None
    """User name at sign-in, in Identity Center's directory or of the session's tag; if not given, the e-mail."""

    left: bool = False
    """`true`: the person has left and the spaces are kept. Nobody opens the profile any more; it stays, for AWS gives a
    space no other owner. To drop them: `./mlz teardown STACK --member NAME`, then remove the member."""

    @property
    def sign_in(self) -> str:
        """By what the person is known at sign-in."""
        return self.user or self.email


MOST_TYPES: Final = 40
"""Instance types for one use [count]; six uses of 40 still fit a service control policy, see limits.json."""


class InstanceTypes(Spec):
    """Allowed SageMaker instance types per use; an empty list means the team does not have that use at all."""

    notebook: Unique[InstanceType] = Field((), max_length=MOST_TYPES)
    """JupyterLab and Code Editor apps in Studio."""

    processing: Unique[InstanceType] = Field((), max_length=MOST_TYPES)
    """Processing jobs."""

    training: Unique[InstanceType] = Field((), max_length=MOST_TYPES)
    """Training jobs."""

    tuning: Unique[InstanceType] = Field((), max_length=MOST_TYPES)
    """Hyperparameter tuning jobs."""

    transform: Unique[InstanceType] = Field((), max_length=MOST_TYPES)
    """Batch transform jobs."""

    endpoint: Unique[InstanceType] = Field((), max_length=MOST_TYPES)
    """Real-time endpoints."""


class Studio(Spec):
    """The team's SageMaker Studio domain: VPC-only, own key, one profile a member."""

    idle_minutes: Annotated[int, Field(ge=60, le=525600)] = 60
    """An app idle for this long is shut down [minutes, 60 to 525600]."""

    space_storage_gb: Annotated[int, Field(ge=5, le=16384)] = 20
    """Largest volume of a space [GB]."""

    shared_spaces: dict[Key, MemberKey] = {}
    """Shared spaces: name of the space → the member who owns it."""

    keep_home: bool | None = None
    """Keep the home file system when the domain is deleted; if not given, unless the account is disposable. `false`
    needs `disposable: true`."""

    images: Unique[Key] = ()
    """Own images that apps may run, by their names under `studio_images` of the environment's platform.yaml."""


class Dataset(Spec):
    """A data set the team owns: a prefix of its data bucket."""

    shared_with: Unique[Key] = ()
    """Teams of the same environment that may read it; one gets access once it lists the data set under `reads`."""


class ExistingEndpoints(Spec):
    """VPC endpoints that the network team made; `./mlz network STACK` says which are needed, and checks them."""

    security_group: GroupId
    """Security group of the interface endpoints; it takes TLS from the subnets."""

    s3_prefix_list: PrefixListId
    """AWS's prefix list of S3 in the region; the subnets' routes send it to the gateway endpoint."""


class Network(Spec):
    """What the team's network needs: a size, or what the network team made in the team's account."""

    prefix: Annotated[int, Field(ge=16, le=24)] = 22
    """Size of the VPC block [IPv4 prefix length, /16 to /24]; a Studio app and a job take addresses."""

    vpc: VpcId | None = None
    """A VPC that is there, in the team's account: then `cidr`, `subnets`, `endpoints` too, and `prefix` is idle."""

    cidr: IPv4Network | None = None
    """Its block [IPv4]; no pool of ours holds it to anything."""

    subnets: dict[Zone, SubnetId] = {}
    """Its private subnets by zone letter, one for each zone of the environment."""

    endpoints: ExistingEndpoints | None = None
    """Its VPC endpoints."""

    hub: bool = True
    """`false`: the network is not attached to the environment's hub: all endpoints are its own, and nothing leaves. One
    that is there already never is."""


class PolicyException(Spec):
    """What one policy rule lets pass, for some resources, until a day."""

    rule: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    """Key of the rule, e.g. lb-internal; `./mlz policy rules` lists them."""

    resource: Annotated[str, Field(min_length=1)]
    """Logical name of the resource; `*` and `?` stand for any characters."""

    owner: Email
    """Who answers for it."""

    reason: Annotated[str, Field(min_length=10)]
    """Why it must be, for the reviewer and the auditor [at least 10 characters]."""

    expires: date
    """Last day it holds [YYYY-MM-DD]; from the next day on the rule refuses again."""


class Account(Spec):
    """What every account says of itself."""

    owner: Email
    """Who answers for the account; becomes the tag mlz:owner."""

    cost_centre: Text
    """Who pays; becomes the tag mlz:cost-centre."""

    email: Email
    """Root e-mail of the AWS account; no two accounts share one."""

    account_name: Annotated[str, Field(min_length=1, max_length=50, pattern=r"^[ -;=?-~]+$")] | None = None
    """Name of the AWS account [≤ 50 characters]; if not given, its key. `./mlz adopt` keeps the one it has."""

    account_tags: dict[str, str] = {}
    """Further tags of the AWS account itself, such as those it had before; ours come first."""

    data_class: DataClass = DataClass.INTERNAL
    """How sensitive the account's data is; becomes the tag mlz:data-class."""

    budget_usd_per_month: Annotated[int, Field(ge=1)] = 500
    """Monthly budget [USD]; alerts go to the owner at 80 % (actual) and 100 % (forecast)."""

    disposable: bool = False
    """`true`: destroying the stack deletes the data too. `false`: what holds data is protected and retained."""

    policy_exceptions: tuple[PolicyException, ...] = ()
    """What policy rules let pass here; each use is printed, an unused one is reported."""

    quotas: Quotas = {}
    """Quotas AWS has raised in the account → value they have; they lie over the environment's, see `./mlz quotas`."""


class TeamAccount(Account):
    """The account of one ML team in one environment."""

    kind: Literal["team"]
    """Which kind of account this file describes."""

    profile: Key | None = None
    """Name of a file under profiles/ whose values lie under this file's: mappings merge, all else is replaced."""

    members: Annotated[dict[MemberKey, Member], Field(min_length=1)]
    """The people of the team; the key becomes the Studio profile's name."""

    groups: dict[Text, Persona] = {}
    """Identity Center's groups → persona: who is in one comes in, and that persona's members get no way of their own.
    Profiles are made for members only: who is in a group and no member finds none to open."""

    network: Network = Network()
    """Size of the team's network."""

    studio: Studio = Studio()
    """The team's Studio domain."""

    instance_types: InstanceTypes
    """Allowed instance types per use."""

    max_instances_per_job: Annotated[int, Field(ge=1, le=100)] = 2
    """Instances one training, processing or transform job or endpoint may use [count, 1 to 100]."""

    max_runtime_hours: Annotated[int, Field(ge=1, le=672)] = 24
    """Longest run of one job [hours, 1 to 672 = 28 days, SageMaker's own limit]."""

    datasets: dict[Key, Dataset] = {}
    """Data sets the team owns and writes."""

    reads: Unique[DatasetPath] = ()
    """Data sets of other teams it reads, as team/dataset; the owner must share them."""

    feature_groups: dict[Key, FeatureGroup] = {}
    """Feature groups the team owns."""

    models: Models = {}
    """Models the team owns; each becomes a model package group and an image repository. Names alone, or with where else
    each may be deployed."""

    endpoints: dict[Key, Endpoint] = {}
    """Real-time endpoints that answer with the models."""

    monitors: dict[Key, Monitor] = {}
    """Checks of models in use, by model: drift, quality, fairness, explanations; with alarms."""

    batches: dict[Key, Batch] = {}
    """Predictions by schedule, by a name of their own."""

    regions: Unique[Region] = ()
    """Further regions of the environment in which the team trains and serves too; a new image is copied there."""

    image_builds: bool = False
    """`true`: ml-engineers have a zip with a Dockerfile built in the account, into the models' image repositories."""


class CoreAccount(Account):
    """An account of the organisation itself."""

    kind: Literal["logs", "security"]
    """logs: meant for the log archive. security: meant for findings and audit. Both are empty yet: made and guarded."""
