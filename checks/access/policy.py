"""Policies compiled for evaluation: statements as tests."""

import marshal
from collections.abc import Callable
from dataclasses import dataclass, replace

from checks.access.conditions import Condition, condition
from checks.access.document import PolicyKind, StatementText, parse
from checks.access.match import ResourceTest, action_services, action_tests, resource_test
from checks.access.principals import Grade, PrincipalTest
from checks.access.request import Request
from checks.access.result import UnknownMatchError

Test = Callable[[Request], Grade]
"""How directly a statement means a request; NONE where it does not hold. May raise UnknownMatchError."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One compiled statement. A test that is always true is None or left out."""

    text: StatementText
    resource: ResourceTest | None
    principal: PrincipalTest | None
    conditions: tuple[Condition, ...]
    test: Test
    """All but the action, which is known to match."""

    @property
    def always(self) -> bool:
        """Whether it holds for each request with a matching action."""
        return self.resource is None and self.principal is None and not self.conditions

    def for_bounded(self) -> "Statement":
        """The same statement as it meets a principal with a permissions boundary.

        A Deny with NotPrincipal denies each of them, whoever is listed. Source: IAM User Guide, "AWS JSON policy
        elements: NotPrincipal", read 2026-11-21.
        """
        if self.text.allow or not self.text.not_principal:
            return self
        return replace(self, principal=None, test=_fused(self.resource, None, self.conditions))

    def careful_test(self, *, doubt: bool, reasons: list[str]) -> Test:
        """As test, but where AWS documents no answer *doubt* is taken for it and the reason noted."""

        def test(request: Request) -> Grade:
            grade, unknown = Grade.DIRECT, []
            for each in (self.resource, *self.conditions):
                try:
                    if each is not None and not each(request):
                        return Grade.NONE
                except UnknownMatchError as error:
                    unknown.append(str(error))
            try:
                grade = self.principal.grade(request.principal) if self.principal else grade
            except UnknownMatchError as error:
                unknown.append(str(error))
            if unknown and grade:
                reasons.extend(f"{self.text.label}: {reason}" for reason in unknown)
                return grade if doubt else Grade.NONE
            return grade

        return test


def _fused(resource: ResourceTest | None, principal: PrincipalTest | None, conditions: tuple[Condition, ...]) -> Test:
    """One test of a statement's elements, the cheapest first; the common forms have their own, for they run most."""
    none, direct = Grade.NONE, Grade.DIRECT
    if principal is None and not conditions:
        return (lambda _: direct) if resource is None else (lambda request: direct if resource(request) else none)
    if principal is None and resource is None and len(conditions) == 1:
        only = conditions[0]
        return lambda request: direct if only(request) else none

    def test(request: Request) -> Grade:
        if resource is not None and not resource(request):
            return none
        grade = direct if principal is None else principal.grade(request.principal)
        if grade:
            for condition_holds in conditions:
                if not condition_holds(request):
                    return none
        return grade

    return test


class Policy:
    """A policy document: its statements screened by service, each compiled when an action first matches it."""

    __slots__ = ("_compiled", "texts")

    def __init__(self, texts: tuple[StatementText, ...]) -> None:
        self.texts = texts
        self._compiled: dict[int, Statement] = {}

    def for_action(self, action: str) -> list[Statement]:
        """Statements whose action element matches *action* (in lower case), in the policy's order."""
        service = action.partition(":")[0]
        return [self._statement(index) for index, text in enumerate(self.texts) if _names(text, service, action)]

    def _statement(self, index: int) -> Statement:
        found = self._compiled.get(index)
        if found is None:
            found = self._compiled[index] = _compiled(self.texts[index])
        return found


def _names(text: StatementText, service: str, action: str) -> bool:
    """Whether the action element matches *action* of *service*, both in lower case."""
    services = action_services(text.actions)
    if services is not None and service not in services:
        return text.not_action
    return any(test(action) for test in action_tests(text.actions)) is not text.not_action


def _compiled(text: StatementText) -> Statement:
    resource, principal = _resource(text), _principal(text)
    conditions = tuple(condition(op, key, values, variables=text.variables) for op, key, values in text.conditions)
    test = _fused(resource, principal, conditions)
    return Statement(text=text, resource=resource, principal=principal, conditions=conditions, test=test)


def _resource(text: StatementText) -> ResourceTest | None:
    """Test of the Resource element; an absent one, as in trust policies, matches."""
    if not text.resources:
        return None
    return resource_test(text.resources, variables=text.variables, negated=text.not_resource)


def _principal(text: StatementText) -> PrincipalTest | None:
    """Test of the principal elements; None where they are absent or mean everyone."""
    if text.principals is None or (not text.not_principal and "*" in text.principals.get("AWS", ())):
        return None
    return PrincipalTest(text.principals, negated=text.not_principal, allow=text.allow)


_compiled_policies: dict[tuple[PolicyKind, bytes | str], Policy] = {}
_MOST_CACHED = 4_000  # more would only keep Python's garbage collector busy


def compile_policy(source: object, kind: PolicyKind, where: str = "policy") -> Policy:
    """Compile a policy document; the same document is compiled once.

    Args:
        source: JSON text or its decoded form.
        kind: what the policy is attached as.
        where: what messages call it.

    Raises:
        DocumentError: AWS would not accept the document.
    """
    # marshal is the cheapest way to a key for plain data; version 2 writes equal values as equal bytes.
    key = (kind, source if isinstance(source, str) else marshal.dumps(source, 2))  # type: ignore[arg-type]  # plain data
    found = _compiled_policies.get(key)
    if found is None:
        if len(_compiled_policies) >= _MOST_CACHED:
            _compiled_policies.clear()
        found = _compiled_policies[key] = Policy(parse(source, kind, where))
    return found
