"""VPCs: flow logs, endpoints and their policies."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from policies.rules._documents import allows, covers, document, key_of, principals, texts
from policies.rules._reach import OURS, is_anybody, is_restricted, is_tied_to
from policies.rules._width import wide_resources
from policies.rules.plain import UNKNOWN, NeedsUnknownError, Reader, Resource, is_set
from policies.rules.registry import Stack, stack_rule

VPC: Final = "aws:ec2/vpc:Vpc"
ENDPOINT: Final = "aws:ec2/vpcEndpoint:VpcEndpoint"
_OF_OTHERS: Final = "com.amazonaws.vpce."
"""Begins the name of an endpoint service that is not AWS's."""

# What SageMaker Studio, its jobs and their images cannot do without in a VPC that has no way to the internet.
# Source: SageMaker Developer Guide, "Connect Studio in a VPC to external resources", read 2026-11-21
BASELINE: Final = (
    "s3",
    "sagemaker.api",
    "sagemaker.runtime",
    "sts",
    "kms",
    "logs",
    "ecr.api",
    "ecr.dkr",
    "secretsmanager",
)


@stack_rule("vpc-flow-logs", "add a FlowLog with trafficType ALL or REJECT")
def flow_logs(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """What was refused is what one wants to know."""
    for vpc in stack.of(VPC):
        logs = stack.about(vpc, ["aws:ec2/flowLog:FlowLog"], "vpcId")
        if logs is not None and not stack.any_is(vpc, logs, "trafficType", "ALL", "REJECT"):
            yield vpc, "no FlowLog of ALL or REJECT is for this VPC"


@stack_rule(
    "vpc-endpoint-baseline",
    "add the endpoints; the account's file names the features that need them",
    settings={"requiredServices": BASELINE, "requiredElsewhere": ()},
)
def endpoints_present(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """For a VPC with endpoints, in which SageMaker then has to live; without any, where SageMaker is beside it."""
    endpoints = list(stack.of(ENDPOINT))
    sagemaker = not endpoints and any(each.type.startswith("aws:sagemaker/") for each in stack.resources)
    for vpc in list(stack.of(VPC)) if endpoints or sagemaker else ():
        mine = stack.about(vpc, [ENDPOINT], "vpcId")
        if mine or sagemaker:
            yield from _lacking(stack, vpc, mine or [])
    if endpoints and not any(stack.of(VPC)):
        yield from _lacking(stack, endpoints[0], endpoints)


def _lacking(stack: Stack, at: Resource, endpoints: list[Resource]) -> Iterator[tuple[Resource, str]]:
    # S3's interface endpoint costs money and, by default, serves only what comes from outside the VPC: a gateway it is.
    names = []
    unsure = False
    for each in endpoints:
        name, kind = each.props.get("serviceName"), each.props.get("vpcEndpointType")
        of_s3 = str(name).endswith(".s3")
        unsure = unsure or name is UNKNOWN or (of_s3 and kind is UNKNOWN)
        if not of_s3 or kind in (None, "Gateway"):
            names.append(str(name))
    if stack.settings["requiredElsewhere"] and at.props.get("region") is UNKNOWN:
        stack.waits_for.append((at, "region"))
        return
    # Of a further region the settings name the services as eu-central-1.ssm.
    there = [s for s in stack.settings["requiredElsewhere"] if s.startswith(f"{at.props.get('region')}.")]
    required = there or stack.settings["requiredServices"]
    lacking = [s for s in required if not any(name.endswith(f".{s}") for name in names)]
    if lacking and unsure:
        stack.waits_for.append((at, "serviceName"))
    elif lacking:
        yield at, f"no endpoint for {', '.join(lacking)}"


@stack_rule(
    "vpc-endpoint-policy-not-star", "allow only the organisation's principals and resources, by aws:PrincipalOrgID"
)
def endpoint_policy(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """Inline on the endpoint or as a VpcEndpointPolicy; without either AWS allows everything.

    The endpoint of a gateway load balancer takes no policy, nor does one to a service that is not AWS's: its own
    list of accounts says who may connect. Source: AWS PrivateLink Guide, "Control access to VPC endpoints using
    endpoint policies", read 2026-11-30.
    """
    split = "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy"
    for resource in stack.of(ENDPOINT, split):
        try:
            policy = document(Reader(resource, stack.settings), "policy")
            for statement in allows(policy):
                if (
                    any(covers(a, "*") for a in texts(statement, "Action"))
                    and any(map(is_anybody, principals(statement)))
                    and wide_resources(statement, by_place=True)
                    and not _in_organisation(statement)
                ):
                    yield resource, f"{key_of(statement, 'Sid') or 'a statement'} of policy allows * to * on *"
        except NeedsUnknownError:
            stack.waits_for.append((resource, "policy"))
            continue
        kind, service = resource.props.get("vpcEndpointType"), resource.props.get("serviceName")
        if is_set(policy) or kind == "GatewayLoadBalancer" or str(service).startswith(_OF_OTHERS):
            continue
        if resource.type == split or stack.about(resource, [split], "vpcEndpointId") == []:
            if UNKNOWN in (kind, service):
                stack.waits_for.append((resource, "vpcEndpointType" if kind is UNKNOWN else "serviceName"))
            else:
                yield resource, "policy is absent (then everything is allowed)"


def _in_organisation(statement: Mapping[str, Any]) -> bool:
    return is_restricted(statement) or is_tied_to(statement, OURS)
