"""The hub's components as a program of another would make them: see examples.py."""

from components.network.central_endpoints import CentralEndpointArgs, CentralEndpoints, CentralEndpointsArgs
from components.network.dns_firewall import DnsFirewall, DnsFirewallArgs
from components.network.egress import Egress, EgressArgs
from components.network.hub_attachment import (
    HubAdmission,
    HubAdmissionArgs,
    HubAttachment,
    HubAttachmentArgs,
    HubReach,
    HubReachArgs,
)
from components.network.hub_logs import HubLogs, HubLogsArgs
from components.network.hub_network import HubNetwork, HubNetworkArgs
from components.network.inspection import Inspection, InspectionArgs
from components.network.sharing import Sharing, SharingArgs
from components.network.transit_gateway import OutsideArgs, SharedVpcArgs, TransitGateway, TransitGatewayArgs

REGION = "eu-west-1"
KEY = "arn:aws:kms:eu-west-1:111111111111:key/00000000-0000-0000-0000-000000000000"
POLICY = '{"Version": "2012-10-17", "Statement": []}'


def zones(prefix):
    return {"a": f"{prefix}-0000000a", "b": f"{prefix}-0000000b"}


def hub_network(opts):
    args = HubNetworkArgs(
        account_key="dev-platform",
        region=REGION,
        cidr="10.64.2.0/23",
        tiers={
            "endpoints": {"a": "10.64.2.0/27", "b": "10.64.2.128/27"},
            "attachment": {"a": "10.64.2.32/27", "b": "10.64.2.160/27"},
            "public": {"a": "10.64.2.64/27", "b": "10.64.2.192/27"},
        },
        pool="10.64.0.0/14",
        others={"office": "192.168.0.0/16"},
    )
    return HubNetwork("hub", args, opts)


def central_endpoints(opts):
    args = CentralEndpointsArgs(
        account_key="dev-platform",
        region=REGION,
        vpc_id="vpc-0000000a",
        subnet_ids=list(zones("subnet").values()),
        security_group_id="sg-0000000a",
        endpoints={
            "sts": CentralEndpointArgs(
                service="com.amazonaws.eu-west-1.sts",
                private_name="sts.eu-west-1.amazonaws.com",
                below=False,
                policy=POLICY,
            ),
            "ecr-dkr": CentralEndpointArgs(
                service="com.amazonaws.eu-west-1.ecr.dkr",
                private_name="dkr.ecr.eu-west-1.amazonaws.com",
                below=True,
                policy=None,
            ),
        },
    )
    return CentralEndpoints("hub", args, opts)


def transit_gateway(opts):
    args = TransitGatewayArgs(
        account_key="dev-platform",
        pool="10.64.0.0/14",
        shared={
            "hub": SharedVpcArgs(
                vpc_id="vpc-0000000a",
                cidr="10.64.2.0/23",
                subnet_ids=list(zones("subnet").values()),
                return_tables={"endpoints": "rtb-0000000a"},
                appliance=True,
            )
        },
        outside={
            "office": OutsideArgs(attachment_id="tgw-attach-0000000a", cidrs={"office": "192.168.0.0/16"}),
        },
        exit="hub",
        unreachable={"teams": "10.64.0.0/14"},
    )
    return TransitGateway("hub", args, opts)


def sharing(opts):
    args = SharingArgs(
        share_name="mlz-dev-hub",
        resource_arns={"gateway": "arn:aws:ec2:eu-west-1:111111111111:transit-gateway/tgw-0000000a"},
        accounts={"fraud": "222222222222"},
    )
    return Sharing("hub", args, opts)


def egress(opts):
    args = EgressArgs(
        account_key="dev-platform",
        vpc_id="vpc-0000000a",
        public_subnet_ids=zones("subnet"),
        public_tables=zones("rtb"),
        senders=zones("rtb"),
    )
    return Egress("hub", args, opts)


def inspection(opts):
    args = InspectionArgs(
        firewall_name="mlz-dev-hub",
        region=REGION,
        vpc_id="vpc-0000000a",
        subnet_ids=zones("subnet"),
        tables_in=zones("rtb"),
        tables_back=zones("rtb"),
        pool="10.64.0.0/14",
        hub_cidr="10.64.2.0/23",
        allowed_domains=["pypi.org", "*.example.org"],
        log_group_name="/mlz/dev-platform/hub-firewall",
        protected=True,
    )
    return Inspection("hub", args, opts)


def dns_firewall(opts):
    args = DnsFirewallArgs(
        group_name="mlz-dev-hub", allowed_domains=["pypi.org"], own_names=["sts.eu-west-1.amazonaws.com"]
    )
    return DnsFirewall("hub", args, opts)


def hub_logs(opts):
    args = HubLogsArgs(
        account_key="dev-platform",
        config_name="mlz-dev-hub",
        vpc_id="vpc-0000000a",
        key_arn=KEY,
        retention_days=90,
        inspected=True,
        disposable=False,
    )
    return HubLogs("hub", args, opts)


def hub_attachment(opts):
    args = HubAttachmentArgs(
        account_key="dev-fraud",
        transit_gateway_id="tgw-0000000a",
        vpc_id="vpc-0000000b",
        subnet_ids=list(zones("subnet").values()),
    )
    return HubAttachment("fraud", args, opts)


def hub_admission(opts):
    args = HubAdmissionArgs(
        account_key="dev-fraud",
        region=REGION,
        attachment_id="tgw-attach-0000000b",
        vpc_id="vpc-0000000b",
        spokes_table_id="tgw-rtb-0000000a",
        shared_table_id="tgw-rtb-0000000b",
        zone_ids={"sts": "Z0000000A"},
        tags={"mlz:owner": "fraud-lead@example.com"},
    )
    return HubAdmission("fraud", args, opts)


def hub_reach(opts):
    args = HubReachArgs(
        transit_gateway_id="tgw-0000000a",
        vpc_id="vpc-0000000b",
        region=REGION,
        route_table_id="rtb-0000000b",
        routes={"hub": "10.64.2.0/23", "internet": "0.0.0.0/0"},
        zone_ids={"sts": "Z0000000A"},
        dns_firewall_id="rslvr-frg-0000000a",
        query_log_id="rqlc-0000000a",
    )
    return HubReach("fraud", args, opts)


HUB_EXAMPLES = {
    CentralEndpoints: central_endpoints,
    DnsFirewall: dns_firewall,
    Egress: egress,
    HubAdmission: hub_admission,
    HubAttachment: hub_attachment,
    HubLogs: hub_logs,
    HubNetwork: hub_network,
    HubReach: hub_reach,
    Inspection: inspection,
    Sharing: sharing,
    TransitGateway: transit_gateway,
}
