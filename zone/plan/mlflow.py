"""Where an environment's MLflow is, for its platform and for its teams. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Literal

from zone import names
from zone.plan.account import AccountPlan
from zone.plan.environment_ids import EnvironmentIds
from zone.specs.mlflow import FargateMlflow, PerTeamMlflow, SharedMlflow


@dataclass(frozen=True, kw_only=True)
class MlflowPlan:
    """Which managed MLflow tracking server a team logs to."""

    server_name: str
    """Name of the tracking server in the platform account."""

    server_arn: str
    """ARN of the tracking server."""

    access_role_arn: str
    """Role in the platform account that the team's roles assume to reach the server."""

    isolated: bool
    """False: the server is shared and its teams see each other's runs."""

    artifact_bucket: str
    """Bucket in the platform account to which the team's own roles write artifacts."""

    artifact_prefix: str
    """Prefix of the team's artifacts, ending in a slash; empty for a shared server."""

    key_alias: str
    """Alias of the platform account's key that encrypts the artifacts."""


@dataclass(frozen=True, kw_only=True)
class RemoteMlflow:
    """Which MLflow server on Fargate a team logs to. It keeps the artifacts: the team has no right on its stores."""

    server_name: str
    """Name of the server in the platform account."""

    host: str
    """Name by which the server is called, e.g. mlflow.dev.example.com; its certificate is for it, and so is a token."""

    reach: Literal["private_link", "hub"]
    """How the team's network reaches it."""

    service: str
    """Name of the platform's VPC endpoint service, com.amazonaws.vpce.…; empty: not made yet, or reach is hub."""

    balancer_dns_name: str
    """Name of the platform's load balancer; empty: not made yet, or reach is private_link."""

    balancer_zone_id: str
    """Hosted zone of that name, for an alias record; empty likewise."""

    cidr: IPv4Network | None
    """The platform network's block, which a hub routes to."""

    isolated: bool
    """Whether the server is the team's own; else the gate keeps its teams apart."""

    @property
    def made(self) -> bool:
        """Whether the way to it is there."""
        return bool(self.service if self.reach == "private_link" else self.balancer_dns_name)

    @property
    def tracking_uri(self) -> str:
        """What MLFLOW_TRACKING_URI is set to."""
        return f"https://{self.host}"


@dataclass(frozen=True, kw_only=True)
class ServerPlan:
    """One MLflow server on Fargate, in the platform account."""

    key: str
    """Names its resources: shared, or the team."""

    name: str
    """Its name in AWS."""

    host: str
    """Name by which it is called: the audience of its teams' tokens."""

    teams: Mapping[str, str]
    """Account id by team: whom its gate lets in, and as whom."""

    artifact_prefix: str
    """Prefix of its artifacts in the bucket, ending in a slash."""


AnyMlflowPlan = MlflowPlan | RemoteMlflow
"""Where a team logs its runs."""

SHARED = "shared"
"""Key of the one server of all teams."""


def server_of(
    spec: SharedMlflow | PerTeamMlflow | FargateMlflow,
    team: str,
    account_id: str,
    platform: AccountPlan,
    *,
    ids: EnvironmentIds,
    block: IPv4Network | None,
) -> AnyMlflowPlan:
    """Say where *team* logs its runs.

    Args:
        spec: the environment's MLflow.
        team: the team.
        account_id: its account.
        platform: the environment's platform account.
        ids: what AWS invented for the platform, as far as it is recorded.
        block: the platform network's block.
    """
    isolated = spec.mode == "per_team"
    own = team if isolated else None
    environment = platform.environment
    if isinstance(spec, FargateMlflow):
        linked = spec.reach == "private_link"
        return RemoteMlflow(
            server_name=names.mlflow_server(environment, own),
            host=_host(spec, own),
            reach=spec.reach,
            service=ids.mlflow_service if linked else "",
            balancer_dns_name="" if linked else ids.mlflow_balancer,
            balancer_zone_id="" if linked else ids.mlflow_balancer_zone,
            cidr=block,
            isolated=isolated,
        )
    return MlflowPlan(
        server_name=names.mlflow_server(environment, own),
        server_arn=names.mlflow_server_arn(platform.region, platform.account_id, environment, own),
        access_role_arn=names.role_arn(platform.account_id, names.mlflow_access_role(team).removeprefix("mlz-")),
        isolated=isolated,
        artifact_bucket=names.bucket(platform.key, "mlflow", platform.account_id),
        artifact_prefix=names.artifact_prefix(account_id) if isolated else "",
        key_alias=names.key_alias(platform.key, "models"),
    )


def servers_of(
    spec: SharedMlflow | PerTeamMlflow | FargateMlflow, environment: str, teams: Mapping[str, str]
) -> dict[str, ServerPlan]:
    """Return the servers on Fargate by key; none where SageMaker runs them.

    Args:
        spec: the environment's MLflow.
        environment: its name.
        teams: account id by team.
    """
    if not isinstance(spec, FargateMlflow):
        return {}
    owners: dict[str, str | None] = dict.fromkeys([SHARED]) if spec.mode == "shared" else {team: team for team in teams}
    return {
        key: ServerPlan(
            key=key,
            name=names.mlflow_server(environment, team),
            host=_host(spec, team),
            teams={team: teams[team]} if team else teams,
            artifact_prefix=names.artifact_prefix(teams[team]) if team else f"{SHARED}/",
        )
        for key, team in owners.items()
    }


def routed(spec: SharedMlflow | PerTeamMlflow | FargateMlflow) -> bool:
    """Whether teams reach the server by a route."""
    return isinstance(spec, FargateMlflow) and spec.reach == "hub"


def _host(spec: FargateMlflow, team: str | None) -> str:
    return f"{team}.{spec.domain_name}" if team else spec.domain_name
