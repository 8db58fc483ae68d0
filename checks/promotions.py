"""Whether the policies on both sides of each declared promotion agree, before anything is deployed.

Each step of a deployment across environments is asked of the evaluator, with what the stacks would register: for the
roles that must take it, and for everybody else whom a policy on the owner's side could mean.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from checks.access import Caller, Decision, PolicyKind, compile_policy, evaluate, principal
from checks.access.lines import Case
from checks.own_access import (
    ANYTHING,
    Question,
    Recordings,
    accounts_of,
    case_of,
    guardrails_over,
    resource_of,
    there,
)
from checks.own_network import QuestionError
from checks.promotion_steps import Step, steps
from checks.record import Recording, record
from stacks.build import build
from zone import names
from zone.guardrails.enforcement import PolicyType
from zone.plan.account import AccountPlan
from zone.plan.promotions import PromotionPlan
from zone.plan.zone import ZonePlan

ADMINISTRATOR: Final = "any other role, with every right"
"""Stands for whoever an account's administrator is."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What somebody may do."""

    stack: str
    """Stack of the role."""

    role: str
    """The role, by stem, or ADMINISTRATOR."""

    decision: Decision
    """The answer and what decided."""


@dataclass(frozen=True, kw_only=True)
class StepProof:
    """A step, answered."""

    step: Step
    """The step."""

    takers: tuple[Answer, ...]
    """Those who must be let through."""

    others: tuple[Answer, ...]
    """Those who must not, and are, or of whom it is not certain."""

    @property
    def holds(self) -> bool:
        """Whether all that must be let through are, and nobody else."""
        certain = [each.decision.allowed and not each.decision.unsupported for each in self.takers]
        return all(certain) and bool(certain) and not self.others


@dataclass(frozen=True, kw_only=True)
class Proof:
    """A declared promotion, answered step by step."""

    promotion: PromotionPlan
    """The promotion."""

    steps: tuple[StepProof, ...]
    """Its steps."""

    asked_of: tuple[str, ...]
    """Stacks whose roles were asked: those whose accounts a policy of the owner's names."""

    @property
    def holds(self) -> bool:
        """Whether each step does."""
        return all(step.holds for step in self.steps)


def proofs(zone: ZonePlan, stack: str = "") -> Iterator[Proof]:
    """Answer each promotion that the plan declares; *stack*: only those it gives or takes.

    Raises:
        QuestionError: no such stack.
    """
    if stack and stack not in zone.teams:
        raise QuestionError(f"no team stack {stack!r}; there are {', '.join(zone.teams)}")
    recorded = cache(lambda name: record(lambda: build(zone, name), stack=name))
    for team in zone.teams.values():
        for promotion in team.promotions_out:
            if not stack or stack in {promotion.owner, promotion.taker}:
                yield proof(zone, promotion, recorded)


def proof(zone: ZonePlan, promotion: PromotionPlan, recorded: Recordings) -> Proof:
    """Answer one promotion."""
    found = steps(zone, promotion, recorded(promotion.taker))
    home = zone.teams[promotion.owner].account
    owner = there(recorded(promotion.owner), home, home.region)
    named = [
        account
        for account in accounts_of(zone)
        if account.key != promotion.owner and any(_names(owner, step.resource, account.account_id) for step in found)
    ]
    return Proof(
        promotion=promotion,
        steps=tuple(
            StepProof(
                step=step,
                takers=tuple(_answer(zone, promotion.taker, role, step, recorded) for role in step.roles),
                others=tuple(
                    other
                    for account in named
                    for other in _others(zone, account, step, recorded, promotion.taker)
                    if other.decision.allowed or other.decision.unsupported
                ),
            )
            for step in found
        ),
        asked_of=tuple(account.stack for account in named),
    )


def _answer(zone: ZonePlan, stack: str, role: str, step: Step, recorded: Recordings) -> Answer:
    """Ask whether a role may take a step."""
    # Pipelines call from SageMaker's own network.
    outside = step.outside or role in names.SERVICE_SIDE_ROLES["models"]
    return Answer(stack=stack, role=role, decision=evaluate(*_case(zone, stack, role, step, recorded, outside=outside)))


def _case(zone: ZonePlan, stack: str, role: str, step: Step, recorded: Recordings, *, outside: bool) -> Case:
    asked = Question(
        stack=stack, role=role, action=step.action, resource=step.resource, context=step.context, outside=outside
    )
    return case_of(zone, asked, recorded)


def _others(zone: ZonePlan, account: AccountPlan, step: Step, recorded: Recordings, taker: str) -> Iterator[Answer]:
    """Ask everybody of *account* who must not take a step: each other role, and an administrator made by hand."""
    roles = [str(each.inputs["name"]) for each in recorded(account.stack).of("aws:iam/role:Role")]
    meant = {names.role(role) for role in step.roles} if account.key == taker else set()
    for role in roles:
        if role not in meant:
            ways = _ways(zone, account.stack, role, step, recorded)
            stem = role.removeprefix(names.role(""))
            yield Answer(stack=account.stack, role=stem, decision=_most(evaluate(*case) for case in ways))
    ways = [_as_administrator(zone, account, case) for case in _ways(zone, account.stack, roles[0], step, recorded)]
    yield Answer(stack=account.stack, role=ADMINISTRATOR, decision=_most(evaluate(*case) for case in ways))


def _ways(zone: ZonePlan, stack: str, role: str, step: Step, recorded: Recordings) -> list[Case]:
    """The call from outside any network, and from the stack's own where it has a way to the service."""
    cases = [_case(zone, stack, role, step, recorded, outside=True)]
    try:
        cases.append(_case(zone, stack, role, step, recorded, outside=False))
    except QuestionError:
        return cases
    return cases


def _as_administrator(zone: ZonePlan, account: AccountPlan, case: Case) -> Case:
    """The same call by a role with every right and no boundary: guardrails and the owner's policies alone stop it."""
    who = principal(f"arn:aws:iam::{account.account_id}:role/Administrator")
    caller = Caller(
        who,
        identity=(("AdministratorAccess", compile_policy(ANYTHING, PolicyKind.IDENTITY)),),
        service_control=guardrails_over(zone, account, PolicyType.SERVICE_CONTROL, PolicyKind.SERVICE_CONTROL),
        management_account=zone.organization.management_account_id,
    )
    return case._replace(request=case.request._replace(principal=who), caller=caller)


def _most(decisions: Iterator[Decision]) -> Decision:
    """The answer that lets most through."""
    return max(decisions, key=lambda each: (each.allowed, bool(each.unsupported)))


def _names(owner: Recording, resource: str, account_id: str) -> bool:
    """Whether the policy of *resource* could mean somebody in the account; across accounts nobody else is let in."""
    _, holder = resource_of(owner, resource)
    policy = holder and next((holder.inputs[key] for key in ("policy", "resourcePolicy") if key in holder.inputs), None)
    if not policy:
        return False
    allows = [each for each in compile_policy(policy, PolicyKind.RESOURCE).texts if each.allow]
    return any(_means(each.principals, account_id) or each.not_principal for each in allows)


def _means(principals: Mapping[str, Sequence[str]] | None, account_id: str) -> bool:
    return principals is None or any("*" in each or account_id in each for each in principals.get("AWS", ()))
