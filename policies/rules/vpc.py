"""VPCs: default security group, flow logs, endpoints and their policies."""

from collections.abc import Iterator
from typing import Final

from policies.rules._documents import allows, conditions, covers, document, is_restricted, key_of, principals, texts
from policies.rules.plain import NeedsUnknownError, Reader, Resource, is_set
from policies.rules.registry import Stack, stack_rule

VPC: Final = "aws:ec2/vpc:Vpc"
ENDPOINT: Final = "aws:ec2/vpcEndpoint:VpcEndpoint"

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


@stack_rule("vpc-default-sg-closed", "add a DefaultSecurityGroup without ingress and egress")
def default_group_closed(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """AWS opens it within itself and to everywhere; what names no group gets it."""
    kind = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
    for group in stack.of(kind):
        for direction in ("ingress", "egress"):
            if any(is_set(value) for value in stack.known(group, group, direction)):
                yield group, f"{direction} is not empty"
    for vpc in stack.of(VPC):
        if stack.about(vpc, [kind], "vpcId") == []:
            yield vpc, "no DefaultSecurityGroup closes the default group"


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
    settings={"requiredServices": BASELINE},
)
def endpoints_present(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """For a VPC with endpoints at all, in which SageMaker then has to live."""
    endpoints = list(stack.of(ENDPOINT))
    for vpc in list(stack.of(VPC)) if endpoints else ():
        mine = stack.about(vpc, [ENDPOINT], "vpcId")
        if mine:
            yield from _lacking(stack, vpc, mine)
    if endpoints and not any(stack.of(VPC)):
        yield from _lacking(stack, endpoints[0], endpoints)


def _lacking(stack: Stack, at: Resource, endpoints: list[Resource]) -> Iterator[tuple[Resource, str]]:
    names = [value for each in endpoints for _, value in Reader(each, {}).each("serviceName")]
    lacking = [s for s in stack.settings["requiredServices"] if not any(str(name).endswith(f".{s}") for name in names)]
    if lacking and len(names) == len(endpoints):
        yield at, f"no endpoint for {', '.join(lacking)}"
    elif lacking:
        stack.waits_for.append((at, "serviceName"))


@stack_rule(
    "vpc-endpoint-policy-not-star", "allow only the organisation's principals and resources, by aws:PrincipalOrgID"
)
def endpoint_policy(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """Inline on the endpoint or as a VpcEndpointPolicy; without either AWS allows everything."""
    split = "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy"
    for resource in stack.of(ENDPOINT, split):
        reader = Reader(resource, stack.settings)
        try:
            policy = document(reader, "policy")
        except NeedsUnknownError:
            stack.waits_for.append((resource, "policy"))
            continue
        if is_set(policy):
            for statement in allows(policy):
                open_ = "*" in principals(statement) and "*" in texts(statement, "Resource")
                if (
                    open_
                    and any(covers(a, "*") for a in texts(statement, "Action"))
                    and not _in_organisation(statement)
                ):
                    yield resource, f"{key_of(statement, 'Sid') or 'a statement'} of policy allows * to * on *"
        elif resource.type == ENDPOINT and stack.about(resource, [split], "vpcEndpointId") == []:
            yield resource, "policy is absent (then everything is allowed)"


def _in_organisation(statement: object) -> bool:
    return isinstance(statement, dict) and (
        is_restricted(statement)
        or any(key in ("aws:resourceorgid", "aws:resourceaccount") for _, key, _ in conditions(statement))
    )
