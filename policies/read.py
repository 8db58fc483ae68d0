"""State exports, previews and plain lists → resources."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from policies.decode import plain
from policies.evaluate import Settings
from policies.rules import REGISTRY, UNKNOWN, Resource
from zone.specs.problems import meant

LEVELS: Final = ("mandatory", "advisory", "disabled", "remediate")
ALL: Final = "all"
"""CrossGuard's word for every rule; what names a rule goes before it."""
FORMS: Final = 'give a `pulumi stack export`, a `pulumi preview --json` or {"resources": [{"type", "name", "props"}]}'


ELSEWHERE: Final[Mapping[str, Any]] = {"region": UNKNOWN, "defaultTags": UNKNOWN}
"""What is known of a provider that the input names and does not hold."""


class InputError(Exception):
    """What the user gave cannot be read; the message says where, what and the remedy."""


@dataclass(frozen=True, kw_only=True)
class Given:
    """Resources and, where the input says it, the stack they are of."""

    resources: tuple[Resource, ...]
    """The resources, in the input's order."""

    stack: str = ""
    """Stack name out of the URNs; empty where the input has none."""

    left_out: int = 0
    """Unchanged resources that a preview does not list [count]."""

    failed: str = ""
    """Why the preview failed, and so lists only a part; empty if it did not."""


def parse(text: str, where: str, needed: str = FORMS) -> Any:
    """Parse JSON text that came from *where*; *needed* says what to give instead.

    Raises:
        InputError: it is not JSON.
    """
    try:
        return json.loads(text)
    except ValueError as error:
        at = f":{error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise InputError(f"{where}{at}: not JSON ({getattr(error, 'msg', error)}); {needed}") from error
    except RecursionError as error:
        raise InputError(f"{where}: nested too deeply to be a Pulumi state; {needed}") from error


def read(document: object, where: str) -> Given:
    """Return the resources of *document*, whichever of the three forms it has.

    Raises:
        InputError: it has none of them.
    """
    if isinstance(document, list):
        return Given(resources=_plain_list(document, where, ""))
    if isinstance(document, Mapping):
        deployment = document.get("deployment")
        if isinstance(deployment, Mapping):
            return _states(_listed(deployment.get("resources", []), where, "deployment.resources"), where)
        if "steps" in document:
            steps = _listed(document["steps"], where, "steps")
            states = [_after(step) for step in steps if isinstance(step.get("newState"), Mapping)]
            return replace(_states(states, where), left_out=_left_out(document, steps), failed=_failed(document))
        if "resources" in document:
            return Given(resources=_plain_list(document["resources"], where, "resources"))
    raise InputError(f"{where}: holds no resources; {FORMS}")


def _after(step: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a step leaves; a preview's new state lacks what AWS gave before, which what stays in place keeps."""
    new: Mapping[str, Any] = step["newState"]
    old = step.get("oldState")
    if not isinstance(old, Mapping) or step.get("op") not in {"same", "update"}:
        return new
    kept = {**(old.get("outputs") or {})} if step["op"] == "same" else {}
    return {**new, "outputs": {"id": old.get("id"), **kept, **(new.get("outputs") or {})}}


def _left_out(preview: Mapping[str, Any], steps: Sequence[Mapping[str, Any]]) -> int:
    """Count the unchanged resources that the preview sums up and does not list."""
    summary = preview.get("changeSummary")
    same = summary.get("same") if isinstance(summary, Mapping) else None
    return max(0, same - sum(step.get("op") == "same" for step in steps)) if isinstance(same, int) else 0


def _failed(preview: Mapping[str, Any]) -> str:
    """Return the first line of the preview's first error."""
    diagnostics = preview.get("diagnostics")
    for each in diagnostics if isinstance(diagnostics, list) else ():
        if isinstance(each, Mapping) and each.get("severity") == "error":
            return str(each.get("message")).strip().removeprefix("error: ").partition("\n")[0].rstrip(":")
    return ""


def _listed(value: object, where: str, key: str) -> Sequence[Mapping[str, Any]]:
    if not isinstance(value, list):
        raise InputError(f"{where}: {key}: a list is needed, got {type(value).__name__}; {FORMS}")
    for index, element in enumerate(value):
        if not isinstance(element, Mapping):
            raise InputError(f"{where}: {key}[{index}]: an object is needed, got {json.dumps(element)[:60]}; {FORMS}")
    return value


def _plain_list(value: object, where: str, key: str) -> tuple[Resource, ...]:
    found = []
    for index, entry in enumerate(_listed(value, where, key)):
        at = f"{where}: {key}[{index}]"
        for name in ("type", "name"):
            if not isinstance(entry.get(name), str):
                raise InputError(f"{at}.{name}: a string is needed, got {json.dumps(entry.get(name))[:60]}; {FORMS}")
        found.append(
            Resource(
                type=entry["type"],
                name=entry["name"],
                props=_object(entry.get("props"), f"{at}.props"),
                outputs=_object(entry.get("outputs"), f"{at}.outputs"),
                depends_on=_names(entry.get("dependsOn"), f"{at}.dependsOn"),
                provider=_object(entry.get("provider"), f"{at}.provider"),
                protect=entry.get("protect") or entry.get("retainOnDelete"),
            )
        )
    return tuple(found)


def _object(value: object, where: str) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise InputError(f"{where}: an object is needed, got {json.dumps(value)[:60]}; {FORMS}")
    try:
        opened = plain(value)
    except RecursionError as error:
        raise InputError(f"{where}: nested too deeply to be a Pulumi resource") from error
    return opened if isinstance(opened, Mapping) else {}


def _names(value: object, where: str) -> Sequence[str]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise InputError(f'{where}: a list of "name|type" is needed, got {json.dumps(value)[:60]}')
    return value


def _states(states: Sequence[Mapping[str, Any]], where: str) -> Given:
    """Read resource states as Pulumi writes them."""
    inputs = {
        state.get("urn"): _object(state.get("inputs"), f"{where}: {state.get('urn')}: inputs") for state in states
    }
    found = []
    stack = ""
    for state in states:
        urn = state.get("urn")
        if not isinstance(urn, str) or urn.count("::") < 3:  # noqa: PLR2004 -- urn:pulumi:stack::project::type::name
            raise InputError(f"{where}: urn: a resource state needs its URN, got {json.dumps(urn)}; {FORMS}")
        if state.get("delete") or state.get("external"):
            continue  # replaced already and waits for its deletion; or only read here: somebody else's, no pack sees it
        stack = urn.removeprefix("urn:pulumi:").split("::")[0]
        provider_urn = str(state.get("provider") or "").rpartition("::")[0]
        found.append(
            Resource(
                type=_type_of(urn),
                name=urn.split("::", 3)[3],
                props=inputs[urn],
                outputs=_object(state.get("outputs"), f"{where}: {urn}: outputs"),
                depends_on=[
                    f"{each.split('::', 3)[3]}|{_type_of(each)}"
                    for each in state.get("dependencies") or ()
                    if "::" in each
                ],
                provider=inputs.get(provider_urn, ELSEWHERE if provider_urn else {}),
                protect=bool(state.get("protect") or state.get("retainOnDelete")),
            )
        )
    return Given(resources=tuple(found), stack=stack)


def _type_of(urn: str) -> str:
    return urn.split("::")[2].rpartition("$")[2]


def read_settings(document: object, where: str) -> Settings:
    """Return rule settings: {rule: level} or {rule: {setting: value}}, as --policy-pack-config takes them.

    Raises:
        InputError: a rule, a setting or a value that there is not.
    """
    if not isinstance(document, Mapping):
        raise InputError(
            f'{where}: an object {{"rule": {{"setting": value}}}} is needed, got {json.dumps(document)[:60]}'
        )
    chosen = {key: _chosen(given, f"{where}: {key}") for key, given in document.items()}
    everywhere = chosen.pop(ALL, {})
    for key, values in ((ALL, everywhere), *chosen.items()):
        if key != ALL and key not in REGISTRY:
            raise InputError(f"{where}: {key}: no such rule{meant(key, REGISTRY)}; `./mlz policy rules` lists them")
        kinds = {"enforcementLevel": "level", **({} if key == ALL else REGISTRY[key].setting_types)}
        for name, value in values.items():
            if name not in kinds:
                likely = f"{meant(name, kinds)}; it takes {', '.join(kinds)}"
                raise InputError(f"{where}: {key}.{name}: no such setting{likely}")
            if not _fits(value, kinds[name]):
                wanted = ", ".join(LEVELS) if kinds[name] == "level" else f"a {kinds[name]}"
                raise InputError(f"{where}: {key}.{name}: {wanted} is needed, got {json.dumps(value)[:60]}")
    return {key: everywhere for key in REGISTRY if everywhere} | {
        key: {**everywhere, **values} for key, values in chosen.items()
    }


def _chosen(given: object, where: str) -> Mapping[str, Any]:
    """Return one rule's settings; "remediate" is mandatory where nothing is mended."""
    values = {"enforcementLevel": given} if isinstance(given, str) else given
    if not isinstance(values, Mapping):
        raise InputError(f"{where}: a level or an object of settings is needed, got {json.dumps(given)[:60]}")
    if values.get("enforcementLevel") == "remediate":
        return {**values, "enforcementLevel": "mandatory"}
    return values


def _fits(value: object, kind: str) -> bool:
    if kind == "level":
        return value in LEVELS
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind == "string":
        return isinstance(value, str)
    if kind == "list of strings":
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    inner = kind.removeprefix("map of string to ")
    return isinstance(value, Mapping) and all(_fits(each, inner) for each in value.values())
