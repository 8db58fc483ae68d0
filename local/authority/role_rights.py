"""Whether a role that a service works with has a right, asked of a handler: what AWS tries only after its answer.

refused(call, "arn:aws:iam::…:role/execution", "ecr:BatchGetImage", repository, subnet="subnet-…")     # "" or why not
"""

from moto.ec2.models import ec2_backends

from checks.access import evaluate, request
from local.authority.asking import side_of
from local.authority.held import role_of, service_caller
from local.authority.keys import own_keys, source_keys
from local.authority.network import UnreachableError, owner_of, vpc_of
from local.authority.resource_policies import target_of
from local.authority.rights import Right
from local.authority.signer import Signer
from local.handlers.operation import Call


def not_trusted(call: Call, role_arn: str, service: str, source: str = "") -> str:
    """Return why *service* cannot take a role; empty: it can.

    Args:
        call: the request that led to it.
        role_arn: the role.
        service: principal of the service.
        source: ARN of that for which the service takes it; empty: AWS documents none.
    """
    if role_of(role_arn) is None:
        return f"there is no role {role_arn}"
    account = role_arn.split(":")[4]
    keys = {**source_keys(call.account), **({"aws:SourceArn": source} if source else {})}
    asked = request(service, "sts:AssumeRole", role_arn, resource_account=account, context=keys)
    allowed = evaluate(asked, service_caller(service), target_of(role_arn, account)).allowed
    return "" if allowed else f"{service} may not take {role_arn}"


def refused(call: Call, role_arn: str, action: str, resource: str, *, via: str = "", subnet: str = "") -> str:
    """Return why a role lacks a right; empty: it has it.

    Args:
        call: the request that led to it.
        role_arn: who asks.
        action: IAM action.
        resource: ARN, or *.
        via: the service that asks with the role's identity, from its own network; empty: nobody in between.
        subnet: the subnet it is asked from; empty: the service's own network.
    """
    right = Right(
        role_arn, action, resource, {}, via, subnet="" if via else inside(subnet), or_caller=False, alone=False
    )
    try:
        asking, keys = side_of(call, Signer(role_arn, call.account, role_arn), {}, right)
    except UnreachableError as error:
        return str(error)
    parts = resource.split(":")
    owner = parts[4] if len(parts) > 4 and parts[4] else call.account  # noqa: PLR2004 - an ARN's account
    context = {**own_keys(action, resource, asking.principal.account, owner), **keys}
    asked = request(asking.principal.text, action, resource, resource_account=owner, context=context)
    decision = evaluate(asked, asking, target_of(resource, owner))
    said = f"User: {role_arn} is not authorized to perform: {action} on resource: {resource}"
    return "" if decision.allowed else f"{said} ({decision.layer.value}: {decision.missing or decision.statement})"


def inside(subnet: str) -> str:
    """Return the subnet, unless its routes lead out: then what has no endpoint is reached from outside."""
    if not subnet:
        return ""
    _, backend = owner_of(vpc_of(subnet))
    tables = ec2_backends[backend.account_id][backend.region_name].route_tables.values()
    mine = [table for table in tables if subnet in {each.get("SubnetId") for each in table.associations}]
    out = any(route.destination_cidr_block == "0.0.0.0/0" for table in mine for route in table.routes)
    return "" if out else subnet
