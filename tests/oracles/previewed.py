"""The engine's own preview of a stack beside the recorder's: all that differs without a reason that is known here.

What the engine adds, and what it does not say, is no difference; each kind has its line below, and is checked as far as
it can be. Whatever else differs is told.
"""

import json
import re
from collections.abc import Mapping
from importlib.metadata import version

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine writes for a value that nobody knows before AWS has answered."""

STACK = "pulumi:pulumi:Stack"

DEFAULTS = {
    "aws:athena/workgroup:Workgroup": {"state": "ENABLED"},
    "aws:budgets/budget:Budget": {"name": ..., "timePeriodEnd": "2087-06-15_00:00"},
    "aws:ec2/securityGroup:SecurityGroup": {"name": ...},
    "aws:iam/role:Role": {"maxSessionDuration": 3600},
    "aws:kms/key:Key": {
        "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "isEnabled": True,
        "keyUsage": "ENCRYPT_DECRYPT",
    },
    "aws:sagemaker/featureGroup:FeatureGroup": {"tableFormat": "Glue"},
}
"""What the provider fills in where the program says nothing; ... is a name it makes of the logical one."""

SECRET = {("aws:ssm/parameter:Parameter", "value")}
"""What the provider holds to be secret, so that the engine does not show it; the rest of the resource is compared."""

OF_THE_PROVIDER = {"__internal": {}, "version": version("pulumi-aws")}
"""Inputs that the engine gives to every provider of this release."""


def steps(log):
    """The resources of `pulumi preview --json`, by URN, without the stack itself."""
    text = log.read_text()
    told = json.JSONDecoder().raw_decode(text, text.index("{"))[0]["steps"]
    return {step["urn"]: step["newState"] for step in told if step["newState"]["type"] != STACK}


def differences(recording, previewed):
    """What the recorded and the previewed stack don't share: one line each, none where the recorder is right."""
    recorded = {each.urn: each for each in recording.resources}
    yield from (f"{urn}: only recorded" for urn in sorted(recorded.keys() - previewed.keys()))
    yield from (f"{urn}: only previewed" for urn in sorted(previewed.keys() - recorded.keys()))
    provider = recording.one("pulumi:providers:aws").inputs
    for urn in recorded.keys() & previewed.keys():
        ours, state = recorded[urn], previewed[urn]
        yield from (f"{ours.name} ({ours.type}) {line}" for line in _options(ours, state))
        inputs = _without_additions(ours, dict(state.get("inputs", {})), provider)
        # The engine tells no inputs of a component: they never leave the program.
        for path, line in _compared(ours.inputs if ours.custom else {}, inputs, ours.type):
            what = path[1:].partition(".")[0].partition("[")[0]
            sources = [recorded[each] for each in state.get("propertyDependencies", {}).get(what, ())]
            if line != UNKNOWN:
                yield f"{ours.name} ({ours.type}) {path}: {line}"
            elif not _answered(ours.inputs[what], sources):
                yield f"{ours.name} ({ours.type}) {path}: unknown to the engine, recorded without anything AWS answers"


def _options(ours, state):
    pairs = {
        "parent": (ours.parent, "" if f"::{STACK}::" in state["parent"] else state["parent"]),
        "custom": (ours.custom, state["custom"]),
        "protect": (ours.protect, state.get("protect", False)),
        "retainOnDelete": (ours.retain_on_delete, state.get("retainOnDelete", False)),
        "ignoreChanges": (list(ours.ignore_changes), state.get("ignoreChanges", [])),
        "importID": (ours.import_id, state.get("importID", "")),
        "provider": (ours.provider, state["provider"].split("::")[3] if "provider" in state else ""),
        "dependencies": (sorted(ours.dependencies), sorted(state.get("dependencies", []))),
    }
    return [f"{option}: recorded {a!r}, previewed {b!r}" for option, (a, b) in pairs.items() if a != b]


def _without_additions(ours, inputs, provider):
    """*inputs* without what the engine and the provider add, where it is what it should be."""
    tags = {**json.loads(provider["defaultTags"])["tags"], **ours.inputs.get("tags", {})}
    added = {"region": provider["region"], "tagsAll": tags}
    if ours.type.startswith("pulumi:providers:"):
        added = OF_THE_PROVIDER
    return {
        name: value
        for name, value in inputs.items()
        if name in ours.inputs or name not in added or value != added[name]
    }


def _compared(ours, theirs, type_, path=""):
    """Where the two differ: path and what is wrong, or UNKNOWN where the engine does not know."""
    if theirs == UNKNOWN:
        yield path, UNKNOWN
    elif theirs == "[secret]" and (type_, path[1:]) in SECRET:
        return
    elif isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        yield from _members(ours, theirs, type_, path)
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for number, pair in enumerate(zip(ours, theirs, strict=True)):
            yield from _compared(*pair, type_, f"{path}[{number}]")
    elif type_.startswith("pulumi:providers:") and _read(ours) == _read(theirs):
        return  # settings of a provider are JSON texts, which the engine writes anew
    elif ours != theirs or isinstance(ours, bool) is not isinstance(theirs, bool):
        yield path, f"recorded {ours!r}, previewed {theirs!r}"


def _members(ours, theirs, type_, path):
    filled = {key for key in theirs.get("__defaults", ()) if _is_default(type_, key, theirs.get(key))}
    for key in (ours.keys() | theirs.keys()) - filled - {"__defaults"}:
        if key not in theirs:
            yield f"{path}.{key}", f"only recorded: {ours[key]!r}"
        elif key not in ours:
            yield f"{path}.{key}", f"only previewed: {theirs[key]!r}"
        else:
            yield from _compared(ours[key], theirs[key], type_, f"{path}.{key}")


def _read(text):
    try:
        return json.loads(text)
    except ValueError:
        return text


def _is_default(type_, key, value):
    known = DEFAULTS.get(type_, {}).get(key)
    if known is ...:
        return re.fullmatch(r".+-[0-9a-f]{7}", value) is not None
    return known is not None and value == known


def _answered(value, sources):
    """Whether a recorded value holds something that AWS answers about one of the resources it depends on."""
    text = json.dumps(value)
    return any(
        isinstance(answer, str) and answer and answer in text
        for source in sources
        for name, answer in _texts(source.outputs)
        if name == "id" or source.inputs.get(name) != answer
    )


def _texts(outputs):
    for name, value in outputs.items():
        for each in value if isinstance(value, list) else [value]:
            yield from _texts(each) if isinstance(each, Mapping) else [(name, each)]
