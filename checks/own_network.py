"""By which endpoint a role's call reaches its service, from within the own network: its own, or its hub's."""

from typing import Final

from checks.record import Recorded, Recording
from zone.plan.account import AccountPlan
from zone.plan.zone import ZonePlan

_ENDPOINTS: Final = {
    "cloudwatch": "monitoring",
    "codeartifact": "codeartifact.api",
    "ecr": "ecr.api",
    "sagemaker": "sagemaker.api",
    "sagemaker-mlflow": "experiments",
}
"""End of an endpoint's service name by the action's prefix, where it is another. Source: the service's page of VPC
endpoints each, as in zone/facts/endpoints.json, read 2026-11-21."""
_RUNTIMES: Final = {
    "sagemaker.runtime": {"InvokeEndpoint", "InvokeEndpointAsync", "InvokeEndpointWithResponseStream"},
    "sagemaker.featurestore-runtime": {"GetRecord", "BatchGetRecord", "PutRecord", "DeleteRecord"},
}
"""Actions of the prefix sagemaker that have an endpoint of their own."""
_CENTRAL: Final = ":CentralEndpoints$"
"""Stands in the URN of what a hub has for other networks."""


class QuestionError(ValueError):
    """The question names what the plan does not have; the message says what there is."""


def hub_of(zone: ZonePlan, account: AccountPlan) -> AccountPlan | None:
    """The platform's account whose hub the account's network is attached to."""
    team = zone.teams.get(account.stack)
    return zone.platforms[account.environment].account if team and team.hub else None


def way(
    recording: Recording, account: AccountPlan, action: str, hub: tuple[Recording, AccountPlan] | None
) -> tuple[Recorded, AccountPlan]:
    """The endpoint through which the stack's network reaches the action's service, its own or the hub's; and whose."""
    prefix, _, name = action.partition(":")
    service = _ENDPOINTS.get(prefix, prefix)
    if prefix == "sagemaker":
        service = next((end for end, actions in _RUNTIMES.items() if name in actions), service)
    networks = [(recording, account, False)] + ([(*hub, True)] if hub else [])
    for made, owner, central in networks:
        for each in made.of("aws:ec2/vpcEndpoint:VpcEndpoint"):
            if str(each.inputs["serviceName"]).endswith(f".{service}") and (_CENTRAL in each.urn) is central:
                return each, owner
    raise QuestionError(
        f"the stack's network has no endpoint for {service}: from within it the call reaches nobody; --outside "
        "asks as from another network"
    )


def from_within(endpoint: Recorded, where: AccountPlan, organization_id: str) -> dict[str, str]:
    """What AWS says of a call through an endpoint. Not every service sends all: aws:VpceOrgID is left to the question.

    Source: IAM User Guide, "AWS global condition context keys", properties of the network, read 2026-11-30.
    """
    return {
        "aws:SourceVpc": str(endpoint.inputs["vpcId"]),
        "aws:SourceVpce": str(endpoint.outputs["id"]),
        "aws:VpceAccount": where.account_id,
        "aws:VpceOrgID": organization_id,
    }
