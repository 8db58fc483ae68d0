"""docs/yaml-reference.md: every key of every file. `python -m zone.plan.yaml_page` writes it from the types.

Examples come from examples/every-key, an organisation of its own that is planned like any other.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import BaseModel

from zone.plan import lock
from zone.specs.account import CoreAccount, TeamAccount
from zone.specs.allowed import Node, allowed, fixed, resolve
from zone.specs.environment import Environment, Organization
from zone.specs.load import load
from zone.specs.platform import PlatformAccount
from zone.specs.spec import Spec

ROOT: Final = Path(__file__).parents[2]
FILE: Final = ROOT / "docs" / "yaml-reference.md"
EVERY_KEY: Final = ROOT / "examples" / "every-key"
_LOCK: Final = EVERY_KEY / lock.LOCK_NAME

FILES: Final[Mapping[str, type[Spec]]] = {
    "org/environment.yaml": Organization,
    "ENVIRONMENT/environment.yaml": Environment,
    "ENVIRONMENT/TEAM.yaml": TeamAccount,
    "ENVIRONMENT/platform.yaml": PlatformAccount,
    "org/logs.yaml, org/security.yaml": CoreAccount,
    "ids.lock.yaml": lock.LockFile,
}
"""Files under accounts/ and their types, in the order of the page."""

_INTRO: Final = """# YAML reference

Written by `python -m zone.plan.yaml_page` from the types; a test says that it is fresh. Every example is a line of
[examples/every-key](../examples/every-key), which is planned like any other organisation.

Files lie in `accounts/`: a folder an environment, and `org`, the organisation's own. A file's name is a name in AWS:
the team of `dev/fraud.yaml` is `fraud`, its account and stack `dev-fraud`. The first line
`# yaml-language-server: $schema=../schema.json` makes an editor complete and check the file. A key that is not here is
refused.

A **profile** is a file `profiles/NAME.yaml` with any keys of a team's account but `kind` and `profile`. It lies under
the files that name it (`profile: NAME`): mappings merge key by key, lists and single values are replaced by the
account's own. A key is required that neither the file nor its profile may leave out.
"""

_LONGEST: Final = 80
"""A longer example is shown without what stands within [characters]."""

_DATE: Final = re.compile(r"'(\d{4}-\d\d-\d\d)'")


def page() -> str:
    """Return docs/yaml-reference.md as it must be."""
    given = examples()
    models: dict[type[BaseModel], None] = dict.fromkeys(FILES.values())
    models |= dict.fromkeys(inner for model in FILES.values() for inner in _inside(model))
    titles: dict[type[BaseModel], str] = {model: f"`{files}`" for files, model in FILES.items()}
    listed = "\n".join(f"- [{title}](#{_anchor(title)})" for title in titles.values())
    sections = [_section(model, titles.get(model, model.__name__), given) for model in models]
    return "\n".join([_INTRO, listed, "", *sections])


def examples() -> dict[tuple[type[BaseModel], str], str]:
    """Return a line of YAML for each key, by the type that has the key and its name."""
    specs = load(EVERY_KEY)
    found: dict[tuple[type[BaseModel], str], str] = {}
    for spec in (specs.organization, *specs.environments.values(), *specs.accounts.values(), lock.read(_LOCK).ids):
        _collect(spec, found)
    return found


def _collect(value: Any, found: dict[tuple[type[BaseModel], str], str]) -> None:  # noqa: ANN401 # any value of a spec
    """Add the lines of a spec's keys, and of all within."""
    if isinstance(value, BaseModel):
        data = value.model_dump(mode="json")
        for key in value.model_fields_set:
            line = _line({key: data[key]})
            if len(line) > _LONGEST:
                line = _line({key: _short(getattr(value, key), data[key])})
            found.setdefault((_owner(type(value), key), key), line)
            _collect(getattr(value, key), found)
    elif isinstance(value, Mapping):
        for inner in value.values():
            _collect(inner, found)
    elif isinstance(value, tuple):
        for inner in value:
            _collect(inner, found)


def _short(value: Any, data: Any) -> Any:  # noqa: ANN401 # any value of a spec
    """Replace what has a section of its own by dots."""
    if isinstance(value, BaseModel):
        return {"…": None}
    if isinstance(value, Mapping):
        return {name: _short(inner, given) for inner, (name, given) in zip(value.values(), data.items(), strict=True)}
    if isinstance(value, tuple):
        return [_short(inner, each) for inner, each in zip(value, data, strict=True)]
    return data


def _line(value: dict[str, Any]) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, width=10_000, allow_unicode=True).strip()
    return _DATE.sub(r"\1", text[1:-1].replace("{…: null}", "{…}"))


def _owner(model: type[BaseModel], key: str) -> type[BaseModel]:
    """Return the class in whose text the key stands: accounts share an example."""
    return next(base for base in reversed(model.__mro__) if key in getattr(base, "model_fields", {}))


def _section(model: type[BaseModel], title: str, given: Mapping[tuple[type[BaseModel], str], str]) -> str:
    schema = model.model_json_schema()
    lines = [f"## {title}", "", _prose(model.__doc__), ""]
    for key, field in sorted(model.model_fields.items(), key=lambda each: each[0] != "kind"):
        node = schema["properties"][key]
        example = given.get((_owner(model, key), key))
        lines.append(
            f"- **`{key}`** ({_left_out(node, required=field.is_required())}): {_words(schema, node)}.  \n"
            f"  {_prose(field.description)}" + (f"  \n  `{example}`" if example else "")
        )
    return "\n".join([*lines, ""])


def _prose(text: str | None) -> str:
    """Put a docstring on one line, so that GitHub takes no <name> in it for HTML; what is code stays as it is."""
    parts = " ".join((text or "").split()).split("`")
    return "`".join(part if place % 2 else part.replace("<", "&lt;") for place, part in enumerate(parts))


def _left_out(node: Node, *, required: bool) -> str:
    """Say what holds where the key is not given."""
    default = node.get("default")
    if required:
        return "required"
    if default in (None, "", [], {}) or isinstance(default, dict):
        return "may be left out"
    return f"if left out: `{_word(default)}`"


def _word(value: object) -> str:
    """Write a single value as YAML does."""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _words(schema: Node, node: Node) -> str:
    """Say what may stand there; what has a section of its own is a link."""
    options = [each for each in node.get("oneOf") or node.get("anyOf") or () if each.get("type") != "null"]
    if len(options) > 1:
        return " or ".join(_words(schema, option) for option in options)
    name = (options[0] if options else node).get("$ref", "").removeprefix("#/$defs/")
    whole = resolve(schema, node)
    if "oneOf" in whole and "oneOf" not in node:
        return _words(schema, whole)
    if name and whole.get("type") == "object":
        return f"keys as in [{name}](#{name.lower()})"
    if whole.get("type") == "object":
        values = next(iter(whole.get("patternProperties", {}).values()), None) or whole["additionalProperties"]
        return f"names, each with {_words(schema, values)}{_range(whole)}"
    if whole.get("type") == "array":
        return f"a list, each {_words(schema, whole['items'])}{_range(whole)}"
    choices = fixed(whole)
    return ", ".join(f"`{choice}`" for choice in choices) if choices else allowed(whole)


def _range(node: Node) -> str:
    """How many entries there may be."""
    least = node.get("minItems", node.get("minProperties"))
    most = node.get("maxItems", node.get("maxProperties"))
    if least and most:
        return f"; {least} to {most:,} entries"
    if least:
        return f"; {least} {'entry' if least == 1 else 'entries'} or more"
    return f"; at most {most:,} entries" if most else ""


def _inside(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Yield the types of what stands within *model*, in the order in which they are met."""
    for field in model.model_fields.values():
        for inner in _models(field.annotation):
            yield inner
            yield from _inside(inner)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401 # an annotation has no type of its own
    """Yield the types of specs that an annotation names."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _models(part)


def _anchor(title: str) -> str:
    """Return GitHub's anchor of a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


if __name__ == "__main__":
    FILE.write_text(page(), encoding="utf-8")
