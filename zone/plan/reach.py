"""Pure: how a team's network reaches MLflow, by flavour: AWS's endpoint, one to the platform's service, or a hub."""

from collections.abc import Iterable
from typing import Final

from zone.plan.endpoint import EndpointPlan
from zone.plan.mlflow import AnyMlflowPlan, RemoteMlflow

MLFLOW: Final = "mlflow"
"""The feature, and the key of the endpoint to the platform's service."""


def of_flavour(features: Iterable[str], mlflow: AnyMlflowPlan) -> tuple[str, ...]:
    """Return the *features* that need endpoints of AWS's: a server on Fargate is none of AWS's services.

    Who logs to it signs a token by itself, without a call, and sends artifacts through it.
    """
    return tuple(feature for feature in features if feature != MLFLOW or not isinstance(mlflow, RemoteMlflow))


def endpoints_to(mlflow: AnyMlflowPlan) -> tuple[EndpointPlan, ...]:
    """Plan the endpoint to the platform's own service; none where AWS runs the servers, or a hub leads there."""
    if not isinstance(mlflow, RemoteMlflow) or mlflow.reach != "private_link":
        return ()
    return (
        EndpointPlan(
            key=MLFLOW,
            service=mlflow.service,
            gateway=False,
            features=(MLFLOW,),
            policy_supported=False,
            host=mlflow.host,
        ),
    )


def by_hub(mlflow: AnyMlflowPlan) -> bool:
    """Whether the team's network reaches its server over routes."""
    return isinstance(mlflow, RemoteMlflow) and mlflow.reach == "hub"
