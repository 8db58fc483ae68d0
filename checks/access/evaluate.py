"""AWS's evaluation logic over compiled policies.

Source of all rules: IAM User Guide, "Policy evaluation logic" with its pages on single-account and cross-account
requests, and Organizations User Guide on SCPs and RCPs, read 2026-11-21.
"""

from collections.abc import Sequence

from checks.access.principals import Grade, PrincipalKind
from checks.access.request import Request
from checks.access.reserved import refusal
from checks.access.result import Decision, Layer, UnknownMatchError, Verdict
from checks.access.sides import Caller, CallerPlan, Candidate, Gate, Target, TargetPlan

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

    Raises:
        ValueError: *request* is not *caller*'s.
    """
    if request.principal is not caller.principal and request.principal != caller.principal:
        raise ValueError(f"{request.principal.text} asks with the policies of {caller.principal.text}")
    ours, theirs = caller.plan(request.action), target.plan(request.action, bounded=caller.bounded)
    if ours.free:
        return ours.free
    if ours.kept and (kept := refusal(request)):
        return kept
    try:
        return _decide(request, ours, theirs, target)
    except UnknownMatchError:
        reasons: list[str] = []
        answers = [
            _decide(request, ours.replaced(test_of), theirs.replaced(test_of), target)
            for test_of in (
                lambda each: each.careful_test(doubt=not each.text.allow, reasons=reasons),
                lambda each: each.careful_test(doubt=each.text.allow, reasons=reasons),
            )
        ]
        least, most = answers
        return least if least.verdict is most.verdict else least._replace(unsupported="; ".join(dict.fromkeys(reasons)))


def _decide(request: Request, ours: CallerPlan, theirs: TargetPlan, target: Target) -> Decision:
    principal = request.principal
    refused = (
        _first(ours.denies, request)
        or (_first(theirs.guardrails, request) if theirs.guardrails and target.guarded(request) else None)
        or _first(theirs.denies, request)
        or _closed(ours.gates, request)
    )
    if refused:
        return refused
    if not principal.account:
        return _without_account(request, theirs, target)
    identity = _ROOT_USER if principal.kind is PrincipalKind.ROOT else _first(ours.identity, request)
    if request.account == principal.account:
        return _inside_account(request, ours, theirs, identity)
    return _across_accounts(request, ours, theirs, target) if identity else _NO_IDENTITY


def _inside_account(request: Request, ours: CallerPlan, theirs: TargetPlan, identity: Decision | None) -> Decision:
    """One of the two sides is enough, but for resources whose policy has to name the account at least."""
    must_be_named = bool(theirs.marker) and theirs.marker in request.resource
    limit = _closed(ours.limits, request) if ours.limits else None
    if identity and not limit and not must_be_named:
        return identity
    grade, granted = _granted(theirs.allows, request)
    if grade is Grade.DIRECT or (grade is Grade.NONE and must_be_named):
        return granted
    given = identity or (granted if grade is Grade.ROLE else None)
    return limit or given if given else _NO_IDENTITY


def _across_accounts(request: Request, ours: CallerPlan, theirs: TargetPlan, target: Target) -> Decision:
    """Both accounts have to allow, and the principal's does."""
    if target.closed_to_others:
        return _PUBLIC
    return _closed(ours.limits, request) or _first(theirs.allows, request) or _NO_RESOURCE


def _without_account(request: Request, theirs: TargetPlan, target: Target) -> Decision:
    """Services, identity providers and anonymous requests have only the resource's policy to allow them."""
    if target.closed_to_others and request.principal.kind is not PrincipalKind.SERVICE:
        return _PUBLIC
    return _first(theirs.allows, request) or _NO_RESOURCE


def _first(candidates: Sequence[Candidate], request: Request) -> Decision | None:
    for test, decision, _ in candidates:
        if test(request):
            return decision
    return None


def _closed(gates: Sequence[Gate], request: Request) -> Decision | None:
    for gate in gates:
        if _first(gate.allows, request) is None:
            return gate.closed
    return None


def _granted(allows: Sequence[Candidate], request: Request) -> tuple[Grade, Decision]:
    """The most direct grant among *allows*, and its answer."""
    best, answer = Grade.NONE, _NO_RESOURCE
    for test, decision, _ in allows:
        grade = test(request)
        if grade > best:
            best, answer = grade, decision
            if grade is Grade.DIRECT:
                break
    return best, answer
