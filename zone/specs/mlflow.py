"""How an environment's teams share MLflow."""

from enum import StrEnum
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from zone.specs.spec import Spec
from zone.specs.values import Email, words


class MlflowServer(StrEnum):
    """Sizes of a SageMaker MLflow tracking server."""

    SMALL = "Small"
    MEDIUM = "Medium"
    LARGE = "Large"


class SharedMlflow(Spec):
    """One managed tracking server for all teams of the environment. Its teams see each other's runs."""

    mode: Literal["shared"]
    """One server for all."""

    flavour: Literal["managed"] = "managed"
    """SageMaker runs the server."""

    isolation: Literal["none"]
    """Written out on purpose: IAM stops at the server, so every team reads and changes every team's runs."""

    size: MlflowServer = MlflowServer.SMALL
    """Server size; Small serves about 25 users."""


class PerTeamMlflow(Spec):
    """One managed tracking server per team: teams are apart, each server is billed."""

    mode: Literal["per_team"]
    """A server for each team."""

    flavour: Literal["managed"] = "managed"
    """SageMaker runs the server."""

    size: MlflowServer = MlflowServer.SMALL
    """Server size; Small serves about 25 users."""


DomainName = Annotated[
    str,
    StringConstraints(pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,63}$", max_length=200),
    words("a domain name in small letters such as mlflow.dev.example.com"),
]
"""A host's name (RFC 1035: labels of 63, 253 in all); a team and a dot come before it where each has a server."""

CertificateArn = Annotated[
    str,
    StringConstraints(pattern=r"^arn:aws:acm:[a-z0-9-]+:[0-9]{12}:certificate/[0-9a-f-]{36}$"),
    words("the ARN of a certificate in ACM"),
]
"""A certificate in ACM; its private key never leaves ACM."""

ImageUri = Annotated[
    str,
    StringConstraints(
        pattern=r"^[0-9]{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com/[a-z0-9][a-z0-9._/-]*@sha256:[0-9a-f]{64}$"
    ),
    words("ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY@sha256: and 64 digits of hex"),
]
"""An image in ECR by its digest, which no other image ever has."""

DatabaseClass = Annotated[
    str, StringConstraints(pattern=r"^db\.[a-z0-9]+\.[a-z0-9]+$"), words("an RDS type such as db.t4g.medium")
]
"""A database instance class of RDS."""

TASK_MEMORY: Final[dict[int, tuple[int, ...]]] = {
    512: tuple(range(1024, 4097, 1024)),
    1024: tuple(range(2048, 8193, 1024)),
    2048: tuple(range(4096, 16385, 1024)),
    4096: tuple(range(8192, 30721, 1024)),
}
"""CPU units of a Fargate task → memory AWS takes with them [MiB]; ours begin at what MLflow needs."""


class FargateTasks(Spec):
    """The tasks of one MLflow server: how large, and how many."""

    cpu: Literal[512, 1024, 2048, 4096] = 1024
    """CPU of a task [units, 1024 = one processor]."""

    memory_mb: Annotated[int, Field(ge=1024, le=30720)] = 4096
    """Memory of a task [MiB, whole gigabytes that go with `cpu`]."""

    least: Annotated[int, Field(ge=1, le=50)] = 2
    """Tasks that always run [count]; two or more stand in different zones."""

    most: Annotated[int, Field(ge=1, le=50)] = 6
    """Tasks at the highest load [count]."""


class FargateDatabase(Spec):
    """The MySQL database of one MLflow server."""

    instance_class: DatabaseClass = "db.t4g.medium"
    """Size of the database instance."""

    storage_gb: Annotated[int, Field(ge=20, le=16384)] = 20
    """Storage at first [GB]."""

    most_storage_gb: Annotated[int, Field(ge=22, le=65536)] = 200
    """Storage that RDS grows to by itself [GB]."""

    multi_az: bool = True
    """A second instance in another zone takes over when the first is lost; it costs as much again."""

    backup_days: Annotated[int, Field(ge=1, le=35)] = 7
    """Days whose every second can be restored [days, 1 to 35]."""


class FargateMlflow(Spec):
    """MLflow on Fargate in the platform account, behind a gate that keeps the teams of one server apart."""

    flavour: Literal["fargate"]
    """We run the server: ECS on Fargate, RDS for MySQL, S3."""

    mode: Literal["shared", "per_team"]
    """shared: one server, whose gate tells the teams apart. per_team: a server, a database and a bucket prefix each."""

    domain_name: DomainName
    """Name by which the server is called; with `per_team`, TEAM.<domain_name>."""

    certificate: CertificateArn | None = None
    """Its certificate in the platform account, made there once the account is; with `per_team` one for
    *.<domain_name>. Without one the platform's stack is deployed without MLflow."""

    image: ImageUri | None = None
    """Its image in a registry of the organisation, by its digest: built from workloads/mlflow. Without one the
    platform's stack is deployed without MLflow."""

    reach: Literal["private_link", "hub"] = "private_link"
    """How team networks reach it: an endpoint in each, or the environment's hub."""

    network_prefix: Annotated[int, Field(ge=16, le=25)] = 24
    """Size of the platform's VPC block [IPv4 prefix length, /16 to /25]."""

    tasks: FargateTasks = FargateTasks()
    """Its tasks."""

    database: FargateDatabase = FargateDatabase()
    """Its database."""

    alarms_to: Email
    """Where alarms of the server and its database go."""

    @property
    def lacks(self) -> tuple[str, ...]:
        """What only the platform's account can hold and nobody has written yet: until then no server is made."""
        return tuple(key for key in ("certificate", "image") if getattr(self, key) is None)


def _flavoured(value: Any) -> Any:  # noqa: ANN401 -- whatever the file says
    """Put the flavour in that is meant where none is said; refuse the one that cannot be made."""
    if not isinstance(value, dict):
        return value
    if value.get("flavour") == "app":
        raise ValueError("MLflow Apps wait for a provider that has them: pulumi-aws 7.21 has no sagemaker.MlflowApp")
    return {"flavour": "managed", **value}


ManagedMlflow = Annotated[SharedMlflow | PerTeamMlflow, Field(discriminator="mode")]
"""SageMaker's own tracking servers."""

AnyMlflow = Annotated[
    Annotated[ManagedMlflow | FargateMlflow, Field(discriminator="flavour")], BeforeValidator(_flavoured)
]
"""Any way to share MLflow. No field within is a list: what passed the validator above is Python's, and strict."""
