"""What AWS invented for an environment's platform and its teams must know: a part of ids.lock.yaml."""

from typing import Annotated

from pydantic import StringConstraints

from zone.plan.hub_ids import HubIds
from zone.specs.spec import Spec
from zone.specs.values import words


class EnvironmentIds(Spec):
    """What AWS invented for an environment's platform and its teams must know."""

    mlflow_service: Annotated[
        str,
        StringConstraints(pattern=r"^(com\.amazonaws\.vpce\.[a-z0-9-]+\.vpce-svc-[0-9a-f]{8,17})?$"),
        words("com.amazonaws.vpce.REGION.vpce-svc- and 8 to 17 digits of hex"),
    ] = ""
    """Name of the VPC endpoint service by which teams reach MLflow on Fargate."""

    mlflow_balancer: Annotated[
        str,
        StringConstraints(pattern=r"^([A-Za-z0-9-]+\.)*[a-z0-9.-]*$", max_length=255),
        words("a load balancer's DNS name"),
    ] = ""
    """DNS name of MLflow's load balancer, which teams reach through the hub."""

    mlflow_balancer_zone: Annotated[
        str, StringConstraints(pattern=r"^[A-Z0-9]*$", max_length=32), words("the id of a hosted zone")
    ] = ""
    """Hosted zone of that name, as alias records need it."""

    hub: HubIds = HubIds()
    """The environment's hub."""
