"""Security groups whose rules are resources of their own: whose each is, and what it does to the group."""

from collections.abc import Iterator
from typing import Final

from policies.rules.plain import Reader, Resource, is_set
from policies.rules.registry import Stack, names_of, stack_rule

VPC: Final = "aws:ec2/vpc:Vpc"
VPCS: Final = (VPC, "aws:ec2/defaultVpc:DefaultVpc")
GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT_GROUP: Final = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
GROUP_RULES: Final = (
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
)
DIRECTIONS: Final = ("ingress", "egress")


class Groups:
    """The security groups of a stack; a VPC stands for the default group that AWS makes with it."""

    def __init__(self, stack: Stack) -> None:
        groups, vpcs = list(stack.of(GROUP, DEFAULT_GROUP)), list(stack.of(*VPCS))
        self._groups = {each.key: each for each in groups}
        self._vpcs = {each.key: each for each in vpcs}
        ids = [(each.outputs.get("defaultSecurityGroupId"), each) for each in vpcs]
        made = {name: each for name, each in ids if isinstance(name, str)}
        self._default = {
            *self._vpcs,
            *(each.key for each in groups if each.type == DEFAULT_GROUP or each.outputs.get("name") == "default"),
            *(each.key for each in groups if isinstance(each.outputs.get("id"), str) and each.outputs["id"] in made),
        }
        names = [(name, each) for each in groups for name in names_of(each)]
        self._named = made | {name: each for name, each in names if isinstance(name, str)}

    def is_default(self, group: Resource) -> bool:
        """Whether *group* is one that AWS made with a VPC, whatever manages it."""
        return group.key in self._default

    def owners(self, rule: Resource) -> list[Resource | None]:
        """Return the groups that *rule* may be of; None stands for one that is not in the stack.

        Before `up` a group has no id, and what the rule depends on says which it is; one of several may be whom the
        rule lets in. An id that comes of nothing but a VPC can only be its default group's.
        """
        known = Reader(rule, {}).each("securityGroupId")
        if known:
            return [self._named.get(value) if isinstance(value, str) else None for _, value in known]
        if not rule.depends_on:
            return [None, *self._groups.values(), *self._vpcs.values()]
        groups: list[Resource | None] = [self._groups[key] for key in rule.depends_on if key in self._groups]
        vpcs: list[Resource | None] = [self._vpcs[key] for key in rule.depends_on if key in self._vpcs]
        return groups or (vpcs if len(vpcs) == len(rule.depends_on) else [None, *vpcs])


@stack_rule("vpc-default-sg-closed", "add a DefaultSecurityGroup without ingress and egress, and no rule for it")
def default_group_closed(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """AWS opens it within itself and to everywhere; what names no group gets it."""
    groups = Groups(stack)
    for group in filter(groups.is_default, stack.of(GROUP, DEFAULT_GROUP)):
        for direction in DIRECTIONS:
            if any(is_set(value) for value in stack.known(group, group, direction)):
                yield group, f"{direction} is not empty"
    for rule in stack.of(*GROUP_RULES):
        owners = groups.owners(rule)
        default = [each.name for each in owners if each and groups.is_default(each)]
        if default and len(default) == len(owners):
            yield rule, f"it opens the default group again ({default[0]})"
        elif default:
            stack.waits_for.append((rule, "securityGroupId"))
    for vpc in stack.of(VPC):
        if stack.about(vpc, [DEFAULT_GROUP], "vpcId") == []:
            yield vpc, "no DefaultSecurityGroup closes the default group"


@stack_rule("sg-rule-conflict", "write the rules in the group or as resources of their own, not both")
def one_owner_of_rules(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """A list in the group is all there may be: each `up` removes what the other resource adds."""
    groups = Groups(stack)
    beside: dict[str, Resource | None] = {}
    for rule in stack.of(*GROUP_RULES):
        owners = groups.owners(rule)
        for group in owners:
            if group and not beside.get(group.key):
                beside[group.key] = rule if len(owners) == 1 else None
    for group in stack.of(GROUP):
        for listed in DIRECTIONS if group.key in beside else ():
            if any(is_set(value) for value in stack.known(group, group, listed)):
                if other := beside[group.key]:
                    yield group, f"{listed} is set, and {other.name} is a rule of the same group"
                else:
                    stack.waits_for.append((group, "securityGroupId"))
