"""Policies compiled for evaluation: statements as tests, indexed by service."""

import marshal
from collections.abc import Callable
from dataclasses import dataclass

from checks.access.conditions import Condition, condition
from checks.access.document import PolicyKind, StatementText, parse
from checks.access.match import ResourceTest, TextTest, action_services, action_test, resource_test
from checks.access.principals import Grade, PrincipalTest
from checks.access.request import Request
from checks.access.result import UnknownMatchError


@dataclass(frozen=True, slots=True)
class Statement:
    """One compiled statement. A test that is always true is None or left out."""

    label: str
    allow: bool
    action: TextTest
    """Takes the action in lower case."""
    services: frozenset[str] | None
    """Services whose actions it can match; None for all."""
    resource: ResourceTest | None
    principal: PrincipalTest | None
    conditions: tuple[Condition, ...]
    text: StatementText

    @property
    def always(self) -> bool:
        """Whether it holds for each request with a matching action."""
        return self.resource is None and self.principal is None and not self.conditions

    def holds(self, request: Request) -> Grade:
        """How directly the statement, whose action is known to match, means *request*; NONE where it does not.

        Raises:
            UnknownMatchError: AWS does not document the answer.
        """
        if self.resource is not None and not self.resource(request):
            return Grade.NONE
        grade = Grade.DIRECT
        if self.principal is not None:
            grade = self.principal.grade(request.principal)
            if not grade:
                return grade
        for test in self.conditions:
            if not test(request):
                return Grade.NONE
        return grade

    def holds_or(self, request: Request, doubt: Callable[["Statement"], bool], reasons: list[str]) -> Grade:
        """As holds(), but where AWS documents no answer *doubt* gives it and the reason is noted."""
        grade, unknown = Grade.DIRECT, []
        tests: list[Callable[[], object]] = [lambda test=test: test(request) for test in self.conditions]  # type: ignore[misc]
        if self.resource is not None:
            resource = self.resource
            tests.append(lambda: resource(request))
        for test in tests:
            try:
                if not test():
                    return Grade.NONE
            except UnknownMatchError as error:
                unknown.append(str(error))
        if self.principal is not None:
            try:
                grade = self.principal.grade(request.principal)
            except UnknownMatchError as error:
                unknown.append(str(error))
        if unknown and grade:
            reasons.extend(f"{self.label}: {reason}" for reason in unknown)
            return grade if doubt(self) else Grade.NONE
        return grade


class Policy:
    """A compiled policy document."""

    __slots__ = ("_by_service", "_everywhere", "statements")

    def __init__(self, statements: tuple[StatementText, ...]) -> None:
        self.statements = tuple(_compiled(each) for each in statements)
        self._by_service: dict[str, list[int]] = {}
        self._everywhere: list[int] = []
        for index, statement in enumerate(self.statements):
            if statement.services is None:
                self._everywhere.append(index)
            for service in statement.services or ():
                self._by_service.setdefault(service, []).append(index)

    def for_action(self, action: str) -> list[Statement]:
        """Statements whose action element matches *action* (in lower case), in the policy's order."""
        candidates = sorted(self._everywhere + self._by_service.get(action.partition(":")[0], []))
        return [self.statements[index] for index in candidates if self.statements[index].action(action)]


def _compiled(text: StatementText) -> Statement:
    named = action_test(text.actions)
    return Statement(
        label=text.label,
        allow=text.allow,
        action=(lambda action: not named(action)) if text.not_action else named,
        services=None if text.not_action else action_services(text.actions),
        resource=_resource(text),
        principal=None if text.principals is None else _principal(text),
        conditions=tuple(condition(op, key, values, variables=text.variables) for op, key, values in text.conditions),
        text=text,
    )


def _resource(text: StatementText) -> ResourceTest | None:
    """Test of the Resource element; an absent one, as in trust policies, matches."""
    if not text.resources:
        return None
    return resource_test(text.resources, variables=text.variables, negated=text.not_resource)


def _principal(text: StatementText) -> PrincipalTest | None:
    everyone = not text.not_principal and "*" in (text.principals or {}).get("AWS", ())
    return None if everyone else PrincipalTest(text.principals or {}, negated=text.not_principal, allow=text.allow)


_compiled_policies: dict[tuple[PolicyKind, bytes | str], Policy] = {}
_MOST_CACHED = 20_000


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
