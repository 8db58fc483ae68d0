"""Elastic Load Balancing: what moto lets go or come although AWS does not.

Sources: botocore's service model of Elastic Load Balancing v2 (CreateLoadBalancer, DeleteLoadBalancer, CreateListener,
RegisterTargets and their errors), read 2026-11-30. The words of the refusals are not documented there.
"""

from typing import Any, Final

from moto.acm.models import acm_backends
from moto.ec2.models import ec2_backends
from moto.elbv2.models import elbv2_backends

from local.handlers.operation import Call, Refusal, completes, requires

_ZONES: Final = 2


def _balancers(call: Call) -> Any:  # noqa: ANN401 - moto's backend
    return elbv2_backends[call.account][call.region]


@requires("elbv2", "CreateLoadBalancer")
def create(call: Call) -> None:
    """An application load balancer stands in two zones."""
    if call.params.get("Type", "application") != "application":
        return
    ec2 = ec2_backends[call.account][call.region]
    subnets = [*call.params.get("Subnets", []), *(each["SubnetId"] for each in call.params.get("SubnetMappings", []))]
    if len({ec2.get_subnet(subnet).availability_zone for subnet in subnets}) < _ZONES:
        text = "At least two subnets in two different Availability Zones must be specified"
        raise Refusal("ValidationError", text)


@completes("elbv2", "SetSecurityGroups")
def enforce(call: Call) -> None:
    """Keep whether the groups hold what comes by an endpoint service, which moto drops."""
    said = call.params.get("EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic")
    kept = _balancers(call).load_balancers.get(call.params["LoadBalancerArn"])
    if said and kept is not None:
        kept.enforce_security_group_inbound_rules_on_private_link_traffic = said


@requires("elbv2", "DeleteLoadBalancer")
def delete(call: Call) -> None:
    """A load balancer goes when it is not protected and no endpoint service stands on it."""
    arn = call.params["LoadBalancerArn"]
    kept = _balancers(call).load_balancers.get(arn)
    if kept is None:
        return
    if kept.attrs.get("deletion_protection.enabled") == "true":
        text = f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled"
        raise Refusal("OperationNotPermitted", text)
    services = ec2_backends[call.account][call.region].configurations.values()
    if any(arn in (*service.network_load_balancer_arns, *service.gateway_load_balancer_arns) for service in services):
        text = f"Load balancer '{arn}' cannot be deleted because it is currently associated with another service"
        raise Refusal("ResourceInUse", text)


@requires("elbv2", "CreateListener", "ModifyListener")
def listener(call: Call) -> None:
    """A listener with TLS has a certificate that ACM has issued."""
    given = [each["CertificateArn"] for each in call.params.get("Certificates", [])]
    if call.operation == "CreateListener" and call.params.get("Protocol") in {"HTTPS", "TLS"} and not given:
        raise Refusal("ValidationError", "A certificate must be specified for HTTPS listeners")
    for arn in given:
        if ":acm:" not in arn:
            continue
        certificate = acm_backends[arn.split(":")[4]][arn.split(":")[3]]._certificates.get(arn)  # noqa: SLF001 - no other way in
        if certificate is None or arn.split(":")[4] != call.account:
            raise Refusal("CertificateNotFound", f"Certificate ARN '{arn}' is not valid")
        if certificate.status != "ISSUED":
            text = (
                f"The certificate '{arn}' must have a fully-qualified domain name, a supported signature, "
                "and a supported key size."
            )
            raise Refusal("UnsupportedCertificate", text)


@requires("elbv2", "RegisterTargets")
def register(call: Call) -> None:
    """A target of a group of type alb is an application load balancer with a listener on the group's port."""
    balancers = _balancers(call)
    group = balancers.target_groups.get(call.params["TargetGroupArn"])
    if group is None or group.target_type != "alb":
        return
    for target in call.params["Targets"]:
        kept = balancers.load_balancers.get(target["Id"])
        port = str(target.get("Port") or group.port)
        if kept is None or kept.type != "application":
            raise Refusal("InvalidTarget", f"Target '{target['Id']}' is not a valid application load balancer ARN")
        if port not in {str(each.port) for each in kept.listeners.values()}:
            text = f"Target '{target['Id']}' must have a listener matching the target group's port {port}"
            raise Refusal("InvalidTarget", text)
