"""How a team reaches MLflow on Fargate: the service in its network, and the settings that clients get by themselves."""

from collections.abc import Sequence

import pulumi

from components.ml.studio import Studio
from components.network.existing import ExistingNetwork
from components.network.network import Network
from components.network.remote_service import PrivateLinkArgs, RemoteService, RemoteServiceArgs, RoutedArgs
from zone import names
from zone.plan.mlflow import MlflowPlan, RemoteMlflow
from zone.plan.reach import MLFLOW
from zone.plan.zone import TeamPlan

VARIABLES = ("MLFLOW_TRACKING_URI", "MLZ_MLFLOW_AUDIENCE")
"""What a client needs: the server's address, and its host's name, for which tokens are signed (docs/reach.md)."""

THROUGH_THE_SERVER = {"MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD": "false"}
"""Large files come through the server too: a link to S3 would be refused in a team's network, for the bucket answers to
the platform's endpoints only."""


def remote_mlflow(
    plan: TeamPlan,
    network: Network | ExistingNetwork,
    studio: Studio,
    subnet_ids: Sequence[pulumi.Input[str]],
    there: pulumi.ResourceOptions,
) -> None:
    """Make the way to the server, where it is one of ours.

    In a network that is there already, endpoint and name are the network team's, like all others: `./mlz network` says
    what they are. Rules of our own groups are ours there too.
    """
    mlflow = plan.mlflow
    if not isinstance(mlflow, RemoteMlflow):
        return
    routed = _routed(plan, mlflow, network, studio)
    if plan.network.existing and routed is None:
        return
    RemoteService(
        plan.team,
        RemoteServiceArgs(
            account_key=plan.account.key,
            service=MLFLOW,
            host=mlflow.host,
            vpc_id=network.vpc_id,
            private_link=None
            if routed
            else PrivateLinkArgs(
                service=mlflow.service,
                subnet_ids=subnet_ids,
                security_group_id=network.endpoint_security_group_id,
            ),
            routed=routed,
        ),
        opts=there,
    )


def _routed(
    plan: TeamPlan, mlflow: RemoteMlflow, network: Network | ExistingNetwork, studio: Studio
) -> RoutedArgs | None:
    """The way over the hub's routes; None: an endpoint leads there.

    In a network that we attach, the hub's own rules lead to the server's block too, and AWS takes no rule twice.
    """
    if mlflow.reach != "hub":
        return None
    return RoutedArgs(
        balancer_dns_name=mlflow.balancer_dns_name,
        balancer_zone_id=mlflow.balancer_zone_id,
        cidr=str(mlflow.cidr),
        callers={}
        if plan.hub
        else {"workloads": network.workload_security_group_id, "studio": studio.security_group_id},
    )


def tracking_parameter(plan: TeamPlan) -> str:
    """SSM parameter with the server's address; empty: AWS runs the servers, and their clients take an ARN."""
    return names.ssm_path(names.TRACKING_URI) if isinstance(plan.mlflow, RemoteMlflow) else ""


def job_variables(plan: TeamPlan) -> dict[str, str]:
    """Environment of the team's jobs, where a job names none itself."""
    mlflow = plan.mlflow
    if not isinstance(mlflow, RemoteMlflow):
        return {}
    return {**dict(zip(VARIABLES, (mlflow.tracking_uri, mlflow.host), strict=True)), **THROUGH_THE_SERVER}


def published(plan: TeamPlan) -> dict[str, str]:
    """What the contract says of MLflow."""
    mlflow = plan.mlflow
    if isinstance(mlflow, RemoteMlflow):
        return {names.TRACKING_URI: mlflow.tracking_uri, "mlflow/audience": mlflow.host}
    return {"mlflow/server-arn": mlflow.server_arn, "mlflow/access-role-arn": mlflow.access_role_arn}


def partners(plan: TeamPlan) -> tuple[str, ...]:
    """Accounts in which the team's roles act: owners of what it reads, and the platform where AWS runs MLflow."""
    platform = [plan.platform_account_id] if isinstance(plan.mlflow, MlflowPlan) else []
    return tuple(sorted({*platform, *(share.owner_account_id for share in plan.shares_in)}))
