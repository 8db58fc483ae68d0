"""The plan's words for MLflow: how an environment shares it, where a team logs, what each way to it costs."""

from collections.abc import Iterator
from typing import Any

from zone.plan.cost import servers, ways
from zone.plan.mlflow import AnyMlflowPlan, RemoteMlflow
from zone.plan.zone import PlatformPlan, ZonePlan
from zone.specs.mlflow import FargateMlflow


def shared_by(platform: PlatformPlan) -> dict[str, Any]:
    """How the environment's teams share MLflow."""
    spec = platform.mlflow
    if isinstance(spec, FargateMlflow):
        isolation = "the team gate" if spec.mode == "shared" else "server per team"
        size = f"{spec.tasks.least} to {spec.tasks.most} × {spec.tasks.cpu} CPU units, {spec.database.instance_class}"
    else:
        isolation = "none" if spec.mode == "shared" else "server per team"
        size = spec.size.value
    said = {"mode": spec.mode, "isolation": isolation, "size": size, "servers": servers(platform)}
    return said | ({"flavour": spec.flavour, "reach": spec.reach} if isinstance(spec, FargateMlflow) else {})


def logs_to(mlflow: AnyMlflowPlan) -> dict[str, Any]:
    """Where a team logs its runs."""
    together = "the team gate" if isinstance(mlflow, RemoteMlflow) else "none"
    said = {"server": mlflow.server_name, "isolation": "own server" if mlflow.isolated else together}
    return said | ({"uri": mlflow.tracking_uri, "reach": mlflow.reach} if isinstance(mlflow, RemoteMlflow) else {})


def mlflow_notes(zone: ZonePlan) -> Iterator[tuple[set[str], str]]:
    """What is missing before MLflow on Fargate is made; then what each way to it costs."""
    for stack, platform in sorted(zone.platforms.items()):
        if isinstance(platform.mlflow, FargateMlflow) and platform.mlflow.lacks:
            lacks = " and ".join(f"mlflow.{key}" for key in platform.mlflow.lacks)
            said = f"{stack}: no MLflow is made before {lacks} is written in {platform.account.environment}/"
            yield {stack, *(each.stack for each in platform.teams.values())}, f"{said}environment.yaml."
        elif isinstance(platform.mlflow, FargateMlflow):
            costs = {
                reach: "no price known" if usd is None else f"{usd:,.0f} USD a month"
                for reach, usd in ways(platform).items()
            }
            said = f"{stack}: its {len(platform.teams)} teams reach MLflow by {platform.mlflow.reach}; private_link: "
            said += f"{costs['private_link']}, hub: {costs['hub']} where none is there for other things."
            yield {stack}, said
