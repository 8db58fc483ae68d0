"""What a team declares, as far as its roles are compiled from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from components.access.packages import PackageSource
from zone import names

DATA_CLASSES: Final = ("public", "internal", "confidential", "restricted")
USES: Final = ("notebook", "processing", "training", "tuning", "transform", "endpoint")
SHARE_KINDS: Final = ("dataset", "offline", "online")


@dataclass(frozen=True, kw_only=True)
class Stores:
    """Which stores a feature group has."""

    offline: bool
    """Whether records are kept in S3, for training."""

    online: bool
    """Whether the latest records can be looked up, for inference."""


@dataclass(frozen=True, kw_only=True)
class Share:
    """A declared right on data that crosses accounts, seen from one side."""

    name: str
    """Data set or feature group."""

    kind: str
    """dataset, offline (a feature group's offline store) or online (its online store)."""

    team: str
    """The team on the other side."""

    account_key: str
    """Its account's key; part of the names of its buckets and keys."""

    account_id: str
    """Its account [12 digits]."""


@dataclass(frozen=True, kw_only=True)
class Promoted:
    """A model of the same team in another environment, from which it may be deployed here."""

    model: str
    """The model, by the same name on both sides."""

    account_key: str
    """Key of the account that owns it; part of the names of its buckets and keys."""

    account_id: str
    """Its id [12 digits]."""


@dataclass(frozen=True, kw_only=True)
class MlflowAccess:
    """How a team reaches its managed MLflow tracking server in another account."""

    server_arn: str
    """ARN of the tracking server."""

    access_role_arn: str
    """Role next to the server that the team's roles assume."""

    artifact_bucket: str
    """Bucket to which the team's own roles write artifacts."""

    artifact_prefix: str
    """Prefix of the team's artifacts, ending in a slash; empty for a server that teams share."""

    key_alias: str
    """Alias of the key that encrypts the artifacts."""


@dataclass(frozen=True, kw_only=True)
class Team:
    """A team in one account: what it has and may use."""

    name: str
    """The team; part of the names of its feature groups, models and repositories."""

    account_key: str
    """Its account's key; part of the names of its buckets and keys."""

    account_id: str
    """Its account [12 digits]."""

    region: str
    """Its region."""

    data_class: str
    """How sensitive its data is: public, internal, confidential or restricted."""

    personas: Sequence[str]
    """Personas it has: data-scientist, ml-engineer, reviewer, operator. The data scientist's role is always made."""

    instance_types: Mapping[str, Sequence[str]]
    """Allowed instance types by use: notebook, processing, training, tuning, transform, endpoint; none: no such use."""

    max_runtime_hours: int
    """Longest job [hours]."""

    datasets: Sequence[str]
    """Data sets it owns: prefixes of its data bucket."""

    feature_groups: Mapping[str, Stores]
    """Its feature groups by name."""

    models: Sequence[str]
    """Its models: registry groups and image repositories."""

    reads: Sequence[Share]
    """What other teams share with it."""

    mlflow: MlflowAccess | None
    """Where it logs runs; None: to a server that asks who calls and keeps artifacts itself, so no right is needed."""

    further_regions: Sequence[str]
    """Regions besides its own in which its jobs and endpoints run too."""

    promoted: Sequence[Promoted] = ()
    """Models of another environment that may be deployed here."""

    provenance: Sequence[str] = names.PROVENANCE
    """Metadata without which no version of a model is registered, and which nobody changes afterwards."""

    stages: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Stages that a reviewer may give a version, by model; one without any has no stages."""

    shared_images: Sequence[str] = ()
    """ARNs of another account's image repositories whose images its containers may run."""

    captured: Sequence[str] = ()
    """Its endpoints whose calls are kept in the data bucket."""

    asynchronous: Sequence[str] = ()
    """Its endpoints that answer later: questions and answers lie in the work bucket."""

    apis: Sequence[str] = ()
    """Its endpoints that are asked over HTTP too."""

    spark: bool = False
    """Whether any of its batches runs by Spark."""

    image_builds: bool = False
    """Whether its ml-engineers have images built."""

    packages: PackageSource | None = None
    """Where it gets packages; None: nowhere."""
