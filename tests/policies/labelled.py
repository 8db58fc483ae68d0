"""The cases of all rules, for tests and benchmarks: cases/<theme>.yaml for one resource, stacks.yaml for several.

Per type: `fine`, a resource no rule complains about (the union over the themes); per rule: changes of it that break
exactly this rule and changes that are just legal. A change is {path: value}: null removes, an object is merged in,
`path=` replaces. `_settings` are the rule's settings, `also` and `_also` the rules that must fire too.
"""

import copy
from pathlib import Path

import yaml

from policies.rules import UNKNOWN, Resource
from policies.rules.tags import REQUIRED, TAGGABLE

HERE = Path(__file__).parent
TAGS = dict.fromkeys(REQUIRED, "dev")


def _themes():
    """Type token → rule key → case, over all themes; a type's fine resource is the union of what the themes say."""
    fine, rules, offending = {}, {}, set()
    for path in sorted((HERE / "cases").glob("*.yaml")):
        for token, entry in yaml.load(path.read_text(), yaml.CSafeLoader).items():
            own = entry.pop("fine", {})
            if own is None:  # a type that is a violation by itself
                offending.add(token)
            _merge(fine.setdefault(token, {}), own or {}, f"{path.name}: {token}")
            for key, case in entry.items():
                rules.setdefault(key, []).append((token, case))
    return fine, rules, offending


def _merge(into, more, where):
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value, where)
        else:
            assert into.get(key, value) == value, f"{where}: two themes differ on {key}"
            into[key] = value


FINE, RULES, OFFENDING = _themes()
STACKS = yaml.load((HERE / "stacks.yaml").read_text(), yaml.CSafeLoader)


def changed(token, change):
    """The fine resource of *token* with *change*; its settings for the rule at hand beside it."""
    props = copy.deepcopy(FINE[token])
    for path, value in change.items():
        if not path.startswith("_"):
            _put(props, path.split("."), value)
    if token in TAGGABLE and "tagsAll" not in change:
        props["tagsAll"] = TAGS | (props.get("tags") or {})
    return Resource(type=token, name="case", props=props)


def _put(data, steps, value):
    head = int(steps[0]) if isinstance(data, list) else steps[0]
    if len(steps) > 1:
        if isinstance(data, dict):
            data.setdefault(head, {})
        _put(data[head], steps[1:], value)
    elif value is None:
        data.pop(head, None)
    elif isinstance(data, dict) and head.endswith("="):
        data[head[:-1]] = value
    elif isinstance(value, dict) and isinstance(data, dict) and isinstance(data.get(head), dict):
        for key, inner in value.items():
            _put(data[head], [key], inner)
    else:
        data[head] = value


def _known(value):
    if isinstance(value, dict):
        return {key: _known(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_known(inner) for inner in value]
    return UNKNOWN if value == "UNKNOWN" else value


def resources_of(entries):
    """The resources of a case."""
    return tuple(
        Resource(
            type=entry["type"],
            name=entry["name"],
            props=_known(entry.get("props", {})),
            outputs=entry.get("outputs", {}),
            depends_on=entry.get("dependsOn", ()),
        )
        for entry in entries
        if "type" in entry
    )
