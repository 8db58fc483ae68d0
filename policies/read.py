"""State exports, previews and plain lists → resources."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from policies.decode import plain
from policies.evaluate import Settings
from policies.rules import REGISTRY, Resource

LEVELS: Final = ("mandatory", "advisory", "disabled")
FORMS: Final = 'give a `pulumi stack export`, a `pulumi preview --json` or {"resources": [{"type", "name", "props"}]}'


class InputError(Exception):
    """What the user gave cannot be read; the message says where, what and the remedy."""


@dataclass(frozen=True, kw_only=True)
class Given:
    """Resources and, where the input says it, the stack they are of."""

    resources: tuple[Resource, ...]
    """The resources, in the input's order."""

    stack: str = ""
    """Stack name out of the URNs; empty where the input has none."""


def parse(text: str, where: str) -> Any:
    """Parse JSON text that came from *where*.

    Raises:
        InputError: it is not JSON.
    """
    try:
        return json.loads(text)
    except ValueError as error:
        at = f":{error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise InputError(f"{where}{at}: not JSON ({getattr(error, 'msg', error)}); {FORMS}") from error
    except RecursionError as error:
        raise InputError(f"{where}: nested too deeply to be a Pulumi state; {FORMS}") from error


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
            states = [step["newState"] for step in steps if isinstance(step.get("newState"), Mapping)]
            return _states(states, where)
        if "resources" in document:
            return Given(resources=_plain_list(document["resources"], where, "resources"))
    raise InputError(f"{where}: holds no resources; {FORMS}")


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
    opened = plain(value)
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
        if state.get("delete"):
            continue  # replaced already, waits for its deletion
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
                provider=inputs.get(provider_urn, {}),
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
    found: dict[str, Mapping[str, Any]] = {}
    for key, given in document.items():
        rule = REGISTRY.get(key)
        if rule is None:
            raise InputError(f"{where}: {key}: no such rule; `mlz policy rules` lists them")
        chosen = {"enforcementLevel": given} if isinstance(given, str) else given
        if not isinstance(chosen, Mapping):
            raise InputError(
                f"{where}: {key}: a level or an object of settings is needed, got {json.dumps(given)[:60]}"
            )
        for name, value in chosen.items():
            kind = "level" if name == "enforcementLevel" else rule.setting_types.get(name)
            if kind is None:
                known = ", ".join(["enforcementLevel", *rule.setting_types])
                raise InputError(f"{where}: {key}.{name}: no such setting; it takes {known}")
            if not _fits(value, kind):
                wanted = ", ".join(LEVELS) if kind == "level" else f"a {kind}"
                raise InputError(f"{where}: {key}.{name}: {wanted} is needed, got {json.dumps(value)[:60]}")
        found[key] = chosen
    return found


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
