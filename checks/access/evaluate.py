"""AWS's evaluation logic over compiled policies.

Source of all rules: IAM User Guide, "Policy evaluation logic" with its pages on single-account and cross-account
requests, and Organizations User Guide on SCPs and RCPs, read 2026-11-21.
"""

from collections.abc import Callable, Sequence

from checks.access.policy import Statement
from checks.access.principals import Grade, PrincipalKind
from checks.access.request import Request
from checks.access.result import Decision, Layer, UnknownMatchError, Verdict
from checks.access.sides import Caller, Candidate, Gate, Target, TargetPlan

Holds = Callable[[Statement, Request], Grade]

_NO_IDENTITY = Decision(
    Verdict.IMPLICITLY_DENIED, Layer.IDENTITY, missing=f"no statement in {Layer.IDENTITY} allows it"
)
_NO_RESOURCE = Decision(
    Verdict.IMPLICITLY_DENIED, Layer.RESOURCE, missing=f"no statement in {Layer.RESOURCE} allows it to this principal"
)
_PUBLIC = Decision(
    Verdict.IMPLICITLY_DENIED, Layer.PUBLIC_ACCESS, missing="a resource policy that is not public, or the own account"
)
_ROOT_USER = Decision(Verdict.ALLOWED, Layer.IDENTITY, None, "account root user")


def evaluate(request: Request, caller: Caller, target: Target) -> Decision:
    """Answer as AWS does; what AWS does not document gives the lesser answer and says why it is not certain.

    An Allowed names the statement that opens the door: across accounts the resource policy's, else the identity
    policy's where it has one.
    """
    try:
        return _decide(request, caller, target, Statement.holds)
    except UnknownMatchError:
        reasons: list[str] = []
        least = _decide(request, caller, target, lambda s, r: s.holds_or(r, lambda each: not each.allow, reasons))
        most = _decide(request, caller, target, lambda s, r: s.holds_or(r, lambda each: each.allow, reasons))
        if least.verdict is most.verdict:
            return least
        return least._replace(unsupported="; ".join(dict.fromkeys(reasons)))


def _first(candidates: Sequence[Candidate], request: Request, holds: Holds) -> Decision | None:
    for statement, decision in candidates:
        if holds(statement, request):
            return decision
    return None


def _closed(gates: Sequence[Gate], request: Request, holds: Holds) -> Decision | None:
    for gate in gates:
        if _first(gate.allows, request, holds) is None:
            return gate.closed
    return None


def _decide(request: Request, caller: Caller, target: Target, holds: Holds) -> Decision:
    ours, theirs = caller.plan(request.action), target.plan(request.action)
    denied = (
        _first(ours.denies, request, holds)
        or (_first(theirs.guardrails, request, holds) if theirs.guardrails and target.guarded(request) else None)
        or _first(theirs.denies, request, holds)
        or _closed(ours.gates, request, holds)
    )
    if denied:
        return denied
    if not request.principal.account:
        return _without_account(request, theirs, target, holds)
    identity = _ROOT_USER if request.principal.kind is PrincipalKind.ROOT else _first(ours.identity, request, holds)
    limit = _closed(ours.limits, request, holds)
    if request.account != request.principal.account:
        return _across_accounts(request, theirs, target, holds, (None if identity else _NO_IDENTITY) or limit)
    return _inside_account(request, theirs, holds, identity, limit)


def _inside_account(
    request: Request, theirs: TargetPlan, holds: Holds, identity: Decision | None, limit: Decision | None
) -> Decision:
    """One of the two sides is enough, but for resources whose policy has to name the account at least."""
    must_be_named = bool(theirs.marker) and theirs.marker in request.resource
    if identity and not limit and not must_be_named:
        return identity
    grade, granted = _granted(theirs.allows, request, holds)
    if grade is Grade.DIRECT or (grade is Grade.NONE and must_be_named):
        return granted
    given = identity or (granted if grade is Grade.ROLE else None)
    return limit or given if given else _NO_IDENTITY


def _across_accounts(
    request: Request, theirs: TargetPlan, target: Target, holds: Holds, held_back: Decision | None
) -> Decision:
    """Both accounts have to allow; *held_back* is the answer where the principal's does not."""
    if target.closed_to_others:
        return _PUBLIC
    return held_back or _first(theirs.allows, request, holds) or _NO_RESOURCE


def _without_account(request: Request, theirs: TargetPlan, target: Target, holds: Holds) -> Decision:
    """Services, identity providers and anonymous requests have only the resource's policy to allow them."""
    if target.closed_to_others and request.principal.kind is not PrincipalKind.SERVICE:
        return _PUBLIC
    return _first(theirs.allows, request, holds) or _NO_RESOURCE


def _granted(allows: Sequence[Candidate], request: Request, holds: Holds) -> tuple[Grade, Decision]:
    """The most direct grant among *allows*, and its answer."""
    best, answer = Grade.NONE, _NO_RESOURCE
    for statement, decision in allows:
        grade = holds(statement, request)
        if grade > best:
            best, answer = grade, decision
            if grade is Grade.DIRECT:
                break
    return best, answer
