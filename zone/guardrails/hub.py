"""Guardrail: the hub leads where it was declared to, and nobody bends a way."""

from collections.abc import Sequence

from zone.guardrails.enforcement import Guardrail
from zone.guardrails.statement import deny, document, unless_provisioning

_TRANSIT = (
    "ec2:AcceptTransitGatewayPeeringAttachment",
    "ec2:AcceptTransitGatewayVpcAttachment",
    "ec2:AssociateTransitGatewayRouteTable",
    "ec2:CreateTransitGateway*",
    "ec2:DeleteTransitGateway*",
    "ec2:DisableTransitGatewayRouteTablePropagation",
    "ec2:DisassociateTransitGatewayRouteTable",
    "ec2:EnableTransitGatewayRouteTablePropagation",
    "ec2:ModifyTransitGateway*",
    "ec2:ReplaceTransitGatewayRoute",
)
"""Who is attached, and where packets go then."""

_ROUTES = (
    "ec2:AcceptVpcPeeringConnection",
    "ec2:AssociateRouteTable",
    "ec2:AttachInternetGateway",
    "ec2:AttachVpnGateway",
    "ec2:CreateNatGateway",
    "ec2:CreateRoute",
    "ec2:CreateVpcPeeringConnection",
    "ec2:DeleteRoute",
    "ec2:DisassociateRouteTable",
    "ec2:ReplaceRoute",
    "ec2:ReplaceRouteTableAssociation",
)
"""Ways in a network, and around the hub."""

_NAMES = (
    "network-firewall:Delete*",
    "network-firewall:Disassociate*",
    "network-firewall:Update*",
    "ram:Associate*",
    "ram:CreateResourceShare",
    "ram:DeleteResourceShare",
    "ram:Disassociate*",
    "ram:UpdateResourceShare",
    "route53:AssociateVPCWithHostedZone",
    "route53:ChangeResourceRecordSets",
    "route53:CreateVPCAssociationAuthorization",
    "route53:DisassociateVPCFromHostedZone",
    "route53resolver:Associate*",
    "route53resolver:Create*",
    "route53resolver:Delete*",
    "route53resolver:Disassociate*",
    "route53resolver:Update*",
)
"""What names lead to and which are resolved, what is inspected, and with whom things are shared."""


def hub(organizational_units: Sequence[str], provisioning_roles: Sequence[str]) -> Guardrail:
    """Refuse changes of the hub, of the ways to it and around it, to all but Pulumi.

    A team's roles have none of these rights; this holds whoever else works in the accounts, their administrators too.
    """
    others = unless_provisioning(provisioning_roles)
    return Guardrail(
        key="protect-hub",
        description="Transit gateways, routes, names and shares are changed by Pulumi only where networks meet in a "
        "hub: nobody attaches a network, peers with another or resolves what is not listed.",
        document=document(
            deny("Transit", _TRANSIT, others),
            deny("Routes", _ROUTES, others),
            deny("Names", _NAMES, others),
        ),
        targets=tuple(organizational_units),
    )
