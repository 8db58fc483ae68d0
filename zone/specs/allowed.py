"""What may stand at a key, in words; read from the JSON schema, so that no field has a text of its own to forget."""

from typing import Any, Final

from zone.specs.document import Path

Node = dict[str, Any]
"""A JSON schema, or a part of one."""

_KINDS: Final = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "keys with values",
    "ipv4network": "an IPv4 network such as 10.64.0.0/14",
    "date": "a date such as 2026-11-21",
}
"""A JSON schema's type or format in words."""

_RANGES: Final = (
    ("minimum", "maximum", ""),
    ("minLength", "maxLength", " characters"),
    ("minItems", "maxItems", " entries"),
    ("minProperties", "maxProperties", " entries"),
)
"""How a JSON schema says least and most, and of what."""


def walk(schema: Node, location: tuple[str | int, ...]) -> tuple[Path, Node]:
    """Follow pydantic's location through the schema; return the path in the file, and the part of the schema.

    The location also names the chosen member of a union, which is no key of the file.
    """
    path: list[str | int] = []
    node = resolve(schema, schema)
    for step in location:
        if "discriminator" in node:
            chosen = node["discriminator"]["mapping"].get(step, "")
            # Members that are chosen among in their turn have no name of their own.
            node = chosen if isinstance(chosen, dict) else resolve(schema, {"$ref": chosen})
        else:
            path.append(step)
            node = resolve(schema, _below(node, step))
    return tuple(path), node


def allowed(node: Node) -> str:
    """Say what may stand where *node* is the schema."""
    choices = fixed(node)
    if choices:
        return ", ".join(choices)
    what = (
        node.get("patternErrorMessage")
        or _KINDS.get(node.get("format", ""))
        or _KINDS.get(node.get("type", ""), "another value")
    )
    what += ", each once" if node.get("uniqueItems") else ""
    what += f", a multiple of {node['multipleOf']}" if "multipleOf" in node else ""
    for low, high, unit in _RANGES:
        least, most = node.get(low), node.get(high)
        if least is not None and most is not None:
            what += f", {least} to {most}{unit}"
        elif least is not None:
            what += f", {least} or more{unit}"
        elif most is not None:
            what += f", at most {most}{unit}"
    return what


def fixed(node: Node) -> list[str]:
    """Return the few values a key may have; empty if it is free."""
    if "discriminator" in node:
        return list(node["discriminator"]["mapping"])
    return [str(choice) for choice in node.get("enum", [node["const"]] if "const" in node else [])]


def _below(node: Node, step: str | int) -> Node:
    """Return the schema of one key or list item."""
    if isinstance(step, int):
        found = node.get("items")
    else:
        named = node.get("properties", {}).get(step)
        found = named or next(iter(node.get("patternProperties", {}).values()), node.get("additionalProperties"))
    return found if isinstance(found, dict) else {}


def resolve(schema: Node, node: Node) -> Node:
    """Follow a reference; of an optional value take the value."""
    options = [option for option in node.get("anyOf", []) if option.get("type") != "null"]
    if options:
        node = {**options[0], **{key: value for key, value in node.items() if key != "anyOf"}}
    if "$ref" in node:
        target = schema["$defs"].get(node["$ref"].removeprefix("#/$defs/"), {})
        node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    return node
