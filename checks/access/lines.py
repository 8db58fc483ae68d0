"""The JSON lines format: one case with all its policies in, one answer out.

A case has `id`, `request` (`principal`, `action`, `resource`, and if wanted `resourceAccount` and `context`) and any
of the policy fields named in Layer. Two more say what no policy can: `managementAccount`, and `restrictPublicBuckets`
of the request's bucket.
"""

import json
import marshal
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from checks.access.document import PolicyKind
from checks.access.evaluate import evaluate
from checks.access.policy import Policy, compile_policy
from checks.access.principals import ACCOUNT_ID
from checks.access.request import Request, request
from checks.access.result import Decision, Layer
from checks.access.sides import Caller, Named, Target


class CaseError(ValueError):
    """A case that can't be read; the message says which field and what to write."""


class Case(NamedTuple):
    """One request and the two sides that decide it."""

    request: Request
    caller: Caller
    target: Target


_REQUEST_FIELDS = {"principal", "action", "resource", "resourceAccount", "context"}
_FIELDS = {"id", "request", "managementAccount", "restrictPublicBuckets", *(Layer)} - {
    Layer.PUBLIC_ACCESS,
    Layer.RESERVED,
}
_MOST_SIDES = 500
_sides: dict[tuple[str, bytes], Caller | Target] = {}


def read_file(text: str, where: str) -> list[tuple[object, Case]]:
    """Read a file of cases for people: one JSON case, a list of them, or JSON lines.

    Args:
        text: the file's content.
        where: what messages call the file.

    Returns:
        Each case with its id, or its place where it has none.

    Raises:
        CaseError: something can't be read; the message names file, line or place, and remedy.
    """
    try:
        whole = json.loads(text)
        cases = [
            (f"{where}: case {index}", each)
            for index, each in enumerate(whole if isinstance(whole, list) else [whole], 1)
        ]
    except json.JSONDecodeError as error:
        written = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
        if len(written) < 2 or not written[0][1].rstrip().endswith("}"):  # noqa: PLR2004 (one line is one document)
            raise CaseError(f"{where}:{error.lineno}:{error.colno}: not JSON: {error.msg}") from None
        cases = [(f"{where}:{number}", _decoded(line, f"{where}:{number}: ")) for number, line in written]
    return [_labelled(place, case) for place, case in cases]


def _labelled(place: str, case: object) -> tuple[object, Case]:
    if not isinstance(case, dict):
        raise CaseError(f'{place}: write an object such as {{"id": "1", "request": {{...}}}}')
    try:
        return case.get("id", place), read_case(case)
    except ValueError as error:
        raise CaseError("\n".join(f"{place}: {line}" for line in str(error).splitlines())) from None


def answers(lines: Iterable[str]) -> Iterator[dict[str, object]]:
    """Answer JSON lines in order; one that can't be read gets an answer with `error`, a blank one none."""
    return (answer(line) for line in lines if line.strip())


def answer(line: str) -> dict[str, object]:
    """Answer one JSON line."""
    identity: object = None
    try:
        case = _decoded(line)
        if not isinstance(case, dict):
            raise CaseError('write an object such as {"id": "1", "request": {...}}')
        identity = case.get("id")
        return {"id": identity, **as_json(evaluate(*read_case(case)))}
    except ValueError as error:
        return {"id": identity, "error": str(error)}
    except RecursionError:
        return {"id": identity, "error": "nested too deeply to be a case"}


def _decoded(line: str, where: str = "") -> object:
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        raise CaseError(f"{where}not JSON: {error.msg} at column {error.colno}") from None


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def as_json(decision: Decision) -> dict[str, object]:
    """A decision under the names of the format."""
    found: dict[str, object] = {
        "decision": decision.verdict.value,
        "decidedBy": {"layer": decision.layer.value, "policy": decision.policy, "statement": decision.statement},
    }
    if decision.missing:
        found["missing"] = decision.missing
    if decision.unsupported:
        found["unsupported"] = decision.unsupported
    return found


def read_case(case: Mapping[str, Any]) -> Case:
    """Build a case from its decoded JSON.

    Raises:
        CaseError: a field is missing, unknown or of the wrong form.
        DocumentError: a policy is malformed.
    """
    unknown = case.keys() - _FIELDS
    if unknown:
        raise CaseError(f"unknown field {_list(unknown)}; there are {_list(_FIELDS)}")
    asked = _request(case.get("request"))
    caller = _shared("caller", (asked.principal.text, *map(case.get, _CALLER_FIELDS)), partial(_caller, case, asked))
    target = _shared("target", tuple(map(case.get, _TARGET_FIELDS)), partial(_target, case))
    return Case(asked, caller, target)  # type: ignore[arg-type]  # one dictionary for both sides


_CALLER_FIELDS = (
    Layer.IDENTITY.value,
    Layer.BOUNDARY.value,
    Layer.SESSION.value,
    Layer.SERVICE_CONTROL.value,
    Layer.ENDPOINT.value,
    "managementAccount",
)
_TARGET_FIELDS = (Layer.RESOURCE.value, Layer.RESOURCE_CONTROL.value, "restrictPublicBuckets", "managementAccount")


def _shared(side: str, fields: tuple[object, ...], make: partial[Caller] | partial[Target]) -> Caller | Target:
    """A side already made from equal fields: many cases differ only in the request."""
    key = (side, marshal.dumps(fields, 2))  # type: ignore[arg-type]  # decoded JSON
    found = _sides.get(key)
    if found is None:
        if len(_sides) >= _MOST_SIDES:
            _sides.clear()
        found = _sides[key] = make()
    return found


def _caller(case: Mapping[str, Any], asked: Request) -> Caller:
    session = case.get(Layer.SESSION)
    return Caller(
        asked.principal,
        identity=_named(case, Layer.IDENTITY, PolicyKind.IDENTITY),
        boundaries=_named(case, Layer.BOUNDARY, PolicyKind.IDENTITY),
        session=None if session is None else _policy(session, PolicyKind.IDENTITY, Layer.SESSION)[1],
        service_control=_levels(case, Layer.SERVICE_CONTROL, PolicyKind.SERVICE_CONTROL),
        endpoints=_named(case, Layer.ENDPOINT, PolicyKind.ENDPOINT),
        management_account=_account(case.get("managementAccount"), "managementAccount"),
    )


def _target(case: Mapping[str, Any]) -> Target:
    policy = case.get(Layer.RESOURCE)
    return Target(
        policy=None if policy is None else _policy(policy, PolicyKind.RESOURCE, Layer.RESOURCE),
        resource_control=_levels(case, Layer.RESOURCE_CONTROL, PolicyKind.RESOURCE_CONTROL),
        restrict_public=bool(case.get("restrictPublicBuckets")),
        management_account=_account(case.get("managementAccount"), "managementAccount"),
    )


def _request(asked: object) -> Request:
    if not isinstance(asked, dict):
        raise CaseError("request: write an object with principal, action and resource")
    unknown = asked.keys() - _REQUEST_FIELDS
    if unknown:
        raise CaseError(
            f"request: unknown field {', '.join(sorted(unknown))}; there are {', '.join(sorted(_REQUEST_FIELDS))}"
        )
    principal, resource = _plain(asked.get("principal")), _plain(asked.get("resource"))
    action, account, context = asked.get("action"), asked.get("resourceAccount"), asked.get("context")
    for name, value in (("principal", principal), ("action", action), ("resource", resource)):
        if not isinstance(value, str):
            raise CaseError(f"request.{name}: write a text, got {json.dumps(value)}")
    if context is not None and not isinstance(context, dict):
        raise CaseError("request.context: write an object of condition keys and values")
    owner = _account(account, "request.resourceAccount")
    return request(str(principal), str(action), str(resource), resource_account=owner, context=context)


def _account(value: object, field: str) -> str | None:
    """An account id, which may be written as a number."""
    if value is None or value == "":
        return None
    text = f"{value:012}" if isinstance(value, int) else str(value)
    if not ACCOUNT_ID.fullmatch(text):
        raise CaseError(f"{field}: write an account id of 12 digits, got {json.dumps(value)}")
    return text


def _plain(value: object) -> object:
    """A principal or resource as text: also {"AWS": …}, {"Service": …}, {"resource": …} with one value."""
    if isinstance(value, dict) and len(value) == 1:
        value = next(iter(value.values()))
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value


def _named(case: Mapping[str, Any], field: str, kind: PolicyKind, where: str = "") -> tuple[Named, ...]:
    """Read a list of named policies."""
    given = case.get(field) or []
    if not isinstance(given, list):
        given = [given]
    return tuple(_policy(each, kind, f"{where}{field}[{index}]") for index, each in enumerate(given))


def _policy(given: object, kind: PolicyKind, where: str) -> tuple[str, Policy]:
    """Read {"name", "policy"} or a bare policy, each as object or JSON text."""
    name: object = where
    if isinstance(given, dict) and "policy" in given:
        name, given = given.get("name") or where, given["policy"]
    return str(name), compile_policy(given, kind, where if name == where else f"{where} {name}")


def _levels(case: Mapping[str, Any], field: str, kind: PolicyKind) -> tuple[tuple[str, tuple[Named, ...]], ...]:
    given = case.get(field) or []
    if not isinstance(given, list) or not all(isinstance(level, dict) for level in given):
        raise CaseError(f'{field}: write a list of {{"orgIdentifier", "policies"}}')
    return tuple(
        (
            str(level.get("orgIdentifier", f"level {index}")),
            _named(level, "policies", kind, f"{field}[{index}]."),
        )
        for index, level in enumerate(given)
    )
