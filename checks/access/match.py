"""Wildcards, policy variables, actions and resource ARNs, compiled to the cheapest test that is right."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from checks.access.request import Request
from checks.access.result import UnknownMatchError

TextTest = Callable[[str], bool]
ResourceTest = Callable[[Request], bool]

_WILDCARD = re.compile(r"[*?]")
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_DEFAULT = re.compile(r"^\s*([^,]*?)\s*,\s*'([^']*)'\s*$")
_ESCAPES = {"*", "?", "$"}
_FIXED_ARN_PARTS = 5


@lru_cache(maxsize=65536)
def wildcard(pattern: str) -> TextTest:
    """Test a whole text against *pattern*, where * stands for any characters and ? for one."""
    if not _WILDCARD.search(pattern):
        return pattern.__eq__
    if pattern.strip("*") == "":
        return _always
    head = pattern[:-1]
    if pattern[-1] == "*" and not _WILDCARD.search(head):
        return lambda text: text.startswith(head)
    tail = pattern[1:]
    if pattern[0] == "*" and not _WILDCARD.search(tail):
        return lambda text: text.endswith(tail)
    found = re.compile(_expression(pattern), re.DOTALL).fullmatch
    return lambda text: found(text) is not None


def _always(_: str) -> bool:
    return True


def _expression(pattern: str) -> str:
    """Regular expression of a wildcard pattern that has to reach the end of the text.

    The first place where a part between two stars fits is as good as any later one, so the engine need never come back
    to it (atomic groups): time stays linear in the text whatever the pattern.
    """
    first, *rest = ("".join("." if char == "?" else re.escape(char) for char in part) for part in pattern.split("*"))
    if not rest:
        return first
    *middle, last = rest
    return first + "".join(f"(?>.*?{part})" for part in middle if part) + ".*" + last


@lru_cache(maxsize=65536)
def arn_wildcard(pattern: str) -> TextTest:
    """Test an ARN against a Resource pattern.

    Before the fifth colon a * stays within its segment unless it is the segment's last character; then, and in the
    resource part, it may cross colons.

    Source: IAM User Guide, "IAM JSON policy elements: Resource", read 2026-11-21.
    """
    parts = pattern.split(":", _FIXED_ARN_PARTS)
    if not any("?" in part or "*" in part[:-1] for part in parts[:_FIXED_ARN_PARTS]):
        return wildcard(pattern)
    fixed = [_segment(part) for part in parts[:_FIXED_ARN_PARTS]]
    rest = [_expression(part) for part in parts[_FIXED_ARN_PARTS:]]
    found = re.compile(":".join(fixed + rest), re.DOTALL).fullmatch
    return lambda text: found(text) is not None


def _segment(part: str) -> str:
    """Regular expression of one of an ARN's first five segments."""
    inner = "".join("[^:]*" if char == "*" else "[^:]" if char == "?" else re.escape(char) for char in part[:-1])
    last = part[-1:]
    return inner + (".*" if last == "*" else "[^:]" if last == "?" else re.escape(last))


def has_variables(text: str) -> bool:
    """Whether *text* holds a policy variable or an escape such as ${*}."""
    return "${" in text and _VARIABLE.search(text) is not None


def arn_component_test(pattern: str) -> TextTest:
    """Test for the ARN operators: each of the six components is checked separately.

    Source: IAM User Guide, "Condition operators", ARN operators, read 2026-11-21.
    """
    parts = pattern.split(":", _FIXED_ARN_PARTS)
    if len(parts) <= _FIXED_ARN_PARTS:
        return _not_an_arn(pattern)
    tests = tuple(wildcard(part) for part in parts)

    def test(text: str) -> bool:
        values = text.split(":", _FIXED_ARN_PARTS)
        return len(values) == len(tests) and all(each(value) for each, value in zip(tests, values, strict=True))

    return test


def _not_an_arn(pattern: str) -> TextTest:
    def test(_: str) -> bool:
        raise UnknownMatchError(f"AWS does not say what {pattern!r} matches as an ARN: it has fewer than six parts")

    return test


class Template:
    """A text with policy variables, resolved against each request."""

    __slots__ = ("_pieces", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        pieces: list[tuple[str, str, str | None]] = []
        """Text before, the variable's key (or nothing), and its default."""
        position = 0
        for found in _VARIABLE.finditer(text):
            before, name = text[position : found.start()], found.group(1)
            position = found.end()
            if name in _ESCAPES:
                pieces.append((before, "", name))
            else:
                default = _DEFAULT.match(name)
                key, value = default.groups() if default else (name.strip(), None)
                pieces.append((before, key.lower(), value))
        pieces.append((text[position:], "", ""))
        self._pieces = tuple(pieces)

    def resolve(self, request: Request, *, guard: bool = True) -> str | None:
        """Return the text for *request*, or None where a variable has no single value.

        Args:
            request: what is asked.
            guard: mark wildcards that come from values or escapes with _LITERAL, so that they match themselves only.
        """
        out: list[str] = []
        for before, key, default in self._pieces:
            out.append(before)
            if key:
                values = request.values(key)
                # A key with several values can't be a policy variable, and has no use for the default.
                value = default if values is None else values[0] if len(values) == 1 else None
                if value is None:
                    return None
            else:
                value = default or ""
            out.append(value.translate(_LITERAL) if guard else value)
        return "".join(out)


_LITERAL = {ord("*"): "\ue000", ord("?"): "\ue001"}
"""Stand-ins (private use area) for characters that must not act as wildcards."""


def template_test(template: Template, request: Request, kind: Callable[[str], TextTest]) -> TextTest | None:
    """Test for *template*'s value in *request*; None where a variable can't be resolved."""
    text = template.resolve(request)
    if text is None:
        return None
    if "\ue000" not in text and "\ue001" not in text:
        return kind(text)
    test = kind(text)
    return lambda value: test(value.translate(_LITERAL))


def resource_test(patterns: Sequence[str], *, variables: bool, negated: bool) -> ResourceTest | None:
    """Test a request's resource against a Resource (or *negated*: NotResource) element; None where all match."""
    if "*" in patterns:
        return (lambda _: False) if negated else None
    templates = tuple(Template(pattern) for pattern in patterns if variables and has_variables(pattern))
    fixed = [pattern for pattern in patterns if not (variables and has_variables(pattern))]
    exact = frozenset(pattern for pattern in fixed if not _WILDCARD.search(pattern))
    prefixes = tuple(p[:-1] for p in fixed if p[-1:] == "*" and not _WILDCARD.search(p[:-1]))
    others = tuple(arn_wildcard(p) for p in fixed if p not in exact and not (p[-1] == "*" and p[:-1] in prefixes))

    def test(request: Request) -> bool:
        resource = request.resource
        return (
            resource in exact
            or resource.startswith(prefixes)
            or any(other(resource) for other in others)
            or any(matches_template(template, request) for template in templates)
        )

    def matches_template(template: Template, request: Request) -> bool:
        matches = template_test(template, request, arn_wildcard)
        if matches is None and negated:
            raise UnknownMatchError(
                f"a policy variable of NotResource {template.text} has no value in this request: AWS says only that "
                "the statement may be invalid then; give the variable a default value"
            )
        return matches is not None and matches(request.resource)

    if negated:
        return lambda request: not test(request)
    if not others and not templates:
        return lambda request: request.resource in exact or request.resource.startswith(prefixes)
    return test


@lru_cache(maxsize=65536)
def action_tests(patterns: tuple[str, ...]) -> tuple[TextTest, ...]:
    """Tests of a lower-case action, one for each pattern of an Action element."""
    return tuple(wildcard(pattern.lower()) for pattern in patterns)


@lru_cache(maxsize=65536)
def action_services(patterns: tuple[str, ...]) -> frozenset[str] | None:
    """Service prefixes that *patterns* can match; None where one may match every service."""
    services = {pattern.partition(":")[0].lower() for pattern in patterns}
    return None if any(_WILDCARD.search(service) for service in services) else frozenset(services)
