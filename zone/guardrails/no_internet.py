"""Guardrail: a team's networks have no way to the internet."""

from collections.abc import Iterable

from zone.guardrails.enforcement import Guardrail, PolicyType
from zone.guardrails.statement import assign


def no_internet(team_accounts: Iterable[str]) -> Guardrail:
    """Block internet gateways in the team accounts in both directions; no account can exempt a network of its own."""
    return Guardrail(
        key="no-internet",
        type=PolicyType.EC2,
        description="Team accounts reach AWS through endpoints and the internet not at all, whatever gateway or route "
        "somebody makes.",
        document={
            "ec2_attributes": {
                "vpc_block_public_access": {
                    "internet_gateway_block": {
                        "mode": assign("block_bidirectional"),
                        "exclusions_allowed": assign("disabled"),
                    }
                }
            }
        },
        targets=tuple(sorted(team_accounts)),
    )
