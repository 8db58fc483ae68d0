"""What each component takes and gives, for people: a page made from the schema."""

from collections.abc import Collection, Mapping
from typing import Any, Final

_INTRO: Final = """# What each component takes and gives

Written by `python -m components.package.schema` from the components themselves; a test says that it is fresh.
[components.md](components.md) says how to use them. Names are the schema's, as TypeScript and YAML write them; Python
says `account_id` for `accountId`. *Plain* inputs decide which resources exist: they are known when the program runs,
never the output of another resource. *Optional* inputs may be left out.
"""


def page(schema: Mapping[str, Any]) -> str:
    """Return the page of *schema*."""
    lines = [_INTRO]
    for token, resource in sorted(schema["resources"].items()):
        lines += _section(token, resource["description"])
        lines += _table("input", resource["inputProperties"], resource.get("requiredInputs", ()))
        lines += ["", *_table("output", resource["properties"], resource["properties"])]
    for token, kind in sorted(schema["types"].items()):
        lines += _section(token, kind["description"])
        lines += _table("key", kind["properties"], kind.get("required", ()))
    return "\n".join(lines) + "\n"


def _section(token: str, description: str) -> list[str]:
    return ["", f"## {token.rpartition(':')[2]}", "", description, ""]


def _table(what: str, properties: Mapping[str, Any], required: Collection[str]) -> list[str]:
    rows = [f"| {what} | type | what it is |", "|---|---|---|"]
    for name, of in sorted(properties.items()):
        marks = [_type(of), *(["plain"] if of.get("plain") else []), *([] if name in required else ["optional"])]
        rows.append(f"| `{name}` | {', '.join(marks)} | {' '.join(of['description'].split())} |")
    return rows


def _type(of: Mapping[str, Any]) -> str:
    """Name a type as people do."""
    if "$ref" in of:
        name = of["$ref"].rpartition(":")[2]
        return f"[{name}](#{name.lower()})" if of["$ref"].startswith("#/types/") else "any"
    if of["type"] == "array":
        return f"list of {_type(of['items'])}"
    if "additionalProperties" in of:
        return f"map of {_type(of['additionalProperties'])}"
    return str(of["type"])
