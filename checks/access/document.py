"""Reads and checks policy documents: every problem at once, each with its place and what to write instead."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from checks.access.operators import Operator, parse_operator, value_problem
from checks.access.principals import principal_problem


class PolicyKind(StrEnum):
    """Kinds of policy, which differ in the elements they may hold."""

    IDENTITY = "identity policy"
    SERVICE_CONTROL = "service control policy"
    RESOURCE_CONTROL = "resource control policy"
    RESOURCE = "resource policy"
    ENDPOINT = "endpoint policy"

    @property
    def names_principals(self) -> bool:
        """Whether its statements say whom they mean."""
        return self in {PolicyKind.RESOURCE, PolicyKind.ENDPOINT, PolicyKind.RESOURCE_CONTROL}


class DocumentError(ValueError):
    """A policy AWS would not accept. The message has a line for each problem: where, what, what to write instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementText:
    """One statement as written, well-formed."""

    label: str
    """Sid, or the place in the policy."""
    allow: bool
    actions: tuple[str, ...]
    not_action: bool
    resources: tuple[str, ...]
    """Empty where the element is absent, which only a resource policy may do."""
    not_resource: bool
    principals: Mapping[str, tuple[str, ...]] | None
    not_principal: bool
    conditions: tuple[tuple[Operator, str, tuple[str, ...]], ...]
    """Operator, condition key, values."""
    variables: bool
    """Whether the policy's version knows policy variables: 2012-10-17 does, 2008-10-17 does not."""


_ELEMENTS = {
    "Sid",
    "Effect",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Principal",
    "NotPrincipal",
    "Condition",
}
_PRINCIPAL_KINDS = {"AWS", "Service", "Federated", "CanonicalUser"}
_VERSIONS = ("2012-10-17", "2008-10-17")


def parse(source: object, kind: PolicyKind, where: str = "policy") -> tuple[StatementText, ...]:
    """Read a policy document.

    Args:
        source: JSON text or its decoded form.
        kind: what the policy is attached as.
        where: what messages call it: a file or a field.

    Raises:
        DocumentError: AWS would not accept the document.
    """
    document = _decoded(source, where) if isinstance(source, str) else source
    reader = _Reader(kind, source if isinstance(source, str) else None, where)
    found = reader.document(document)
    if reader.problems:
        raise DocumentError("\n".join(reader.problems))
    return tuple(found)


def _decoded(text: str, where: str) -> object:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise DocumentError(f"{where}: {', '.join(twice)} written twice in one block: keep one, AWS refuses both")
        return dict(pairs)

    try:
        return json.loads(text, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        raise DocumentError(f"{where}:{error.lineno}:{error.colno}: not JSON: {error.msg}") from None


class _Reader:
    """Walks one document and notes every problem."""

    def __init__(self, kind: PolicyKind, text: str | None, where: str) -> None:
        self.kind, self.text, self.where = kind, text, where
        self.problems: list[str] = []

    def problem(self, path: Sequence[str | int], message: str) -> None:
        """Note a problem at *path*: keys and indexes from the document's root."""
        line = f":{line_of(self.text, path)}" if self.text is not None else ""
        self.problems.append(f"{self.where}{line}: {_spelled(path) or 'document'}: {message}")

    def document(self, document: object) -> list[StatementText]:
        """Read the whole document."""
        if not isinstance(document, dict):
            self.problem((), f"write an object with Version and Statement, got {_shown(document)}")
            return []
        for key in document.keys() - {"Version", "Id", "Statement"}:
            self.problem((key,), "AWS has no such element here; Version, Id and Statement are all")
        version = document.get("Version", "2008-10-17")
        if version not in _VERSIONS:
            self.problem(("Version",), f"write 2012-10-17, got {_shown(version)}")
        statements = document.get("Statement")
        if not isinstance(statements, dict | list):
            self.problem(("Statement",), f"write a list of statements, got {_shown(statements)}")
            return []
        placed: Iterable[tuple[tuple[str | int, ...], object]] = (
            [(("Statement",), statements)]
            if isinstance(statements, dict)
            else ((("Statement", index), each) for index, each in enumerate(statements))
        )
        return [self.statement(path, each, version == "2012-10-17") for path, each in placed]

    def statement(self, path: tuple[str | int, ...], statement: object, variables: bool) -> StatementText:
        """Read one statement."""
        if not isinstance(statement, dict):
            self.problem(path, f"write an object, got {_shown(statement)}")
            statement = {}
        for key in () if _ELEMENTS.issuperset(statement) else statement.keys() - _ELEMENTS:
            self.problem((*path, key), f"AWS has no such element; there are {', '.join(sorted(_ELEMENTS))}")
        sid = statement.get("Sid")
        if statement.get("Effect") not in ("Allow", "Deny"):
            self.problem((*path, "Effect"), f"write Allow or Deny, got {_shown(statement.get('Effect'))}")
        allow = statement.get("Effect") == "Allow"
        if allow and self.kind is PolicyKind.RESOURCE_CONTROL and not _allows_everything(statement):
            self.problem((*path, "Effect"), "it can only Deny here; AWS attaches RCPFullAWSAccess itself")
        actions, not_action = self.either(path, statement, "Action", needed=True)
        for index, action in enumerate(actions):
            if action != "*" and not all(action.partition(":")):
                self.problem((*path, "NotAction" if not_action else "Action", index), _ACTION_FORM.format(action))
        resources, not_resource = self.either(path, statement, "Resource", needed=self.kind is not PolicyKind.RESOURCE)
        principals, not_principal = self.principals(path, statement)
        return StatementText(
            label=sid if isinstance(sid, str) and sid else _spelled(path),
            allow=allow,
            actions=actions,
            not_action=not_action,
            resources=resources,
            not_resource=not_resource,
            principals=principals,
            not_principal=not_principal,
            conditions=self.conditions((*path, "Condition"), statement.get("Condition", {})),
            variables=variables,
        )

    def either(
        self, path: tuple[str | int, ...], statement: Mapping[str, object], name: str, *, needed: bool
    ) -> tuple[tuple[str, ...], bool]:
        """Read an element or its Not form: the texts, and whether it was the Not form."""
        given = [key for key in (name, f"Not{name}") if key in statement]
        if len(given) != 1:
            if given or needed:
                self.problem(path, f"write either {name} or Not{name}, got {'both' if given else 'neither'}")
            return (), False
        return self.texts((*path, given[0]), statement[given[0]]), given[0] != name

    def texts(self, path: tuple[str | int, ...], value: object) -> tuple[str, ...]:
        """Read a text or a list of texts."""
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not items or not all(isinstance(item, str) and item for item in items):
            self.problem(path, f"write a text or a list of texts, got {_shown(value)}")
            return ()
        return tuple(items)

    def principals(
        self, path: tuple[str | int, ...], statement: Mapping[str, object]
    ) -> tuple[Mapping[str, tuple[str, ...]] | None, bool]:
        """Read Principal or NotPrincipal."""
        given = [key for key in ("Principal", "NotPrincipal") if key in statement]
        if not self.kind.names_principals:
            for key in given:
                self.problem((*path, key), f"{self.kind} can't hold it: it means whom it is attached to")
            return None, False
        if len(given) != 1:
            self.problem(path, f"write either Principal or NotPrincipal, got {'both' if given else 'neither'}")
            return {}, False
        key, value = given[0], statement[given[0]]
        if value == "*":
            return {"AWS": ("*",)}, key == "NotPrincipal"
        if not isinstance(value, dict) or not value or value.keys() - _PRINCIPAL_KINDS:
            self.problem(
                (*path, key), f'write "*" or an object with {", ".join(sorted(_PRINCIPAL_KINDS))}, got {_shown(value)}'
            )
            return {}, False
        found = {kind: self.texts((*path, key, kind), texts) for kind, texts in value.items()}
        for kind, texts in found.items():
            for text in texts:
                wrong = principal_problem(kind, text)
                if wrong:
                    self.problem((*path, key, kind), f"{text!r}: {wrong}")
        return found, key == "NotPrincipal"

    def conditions(
        self, path: tuple[str | int, ...], block: object
    ) -> tuple[tuple[Operator, str, tuple[str, ...]], ...]:
        """Read a Condition element."""
        if not isinstance(block, dict):
            self.problem(path, f"write an object of operators, got {_shown(block)}")
            return ()
        found = []
        for name, keys in block.items():
            op = parse_operator(name)
            if op is None:
                self.problem((*path, name), "AWS has no such condition operator")
                continue
            if not isinstance(keys, dict):
                self.problem((*path, name), f"write an object of condition keys, got {_shown(keys)}")
                continue
            for key, value in keys.items():
                values = self.values((*path, name, key), op, value)
                found.append((op, key, values))
        return tuple(found)

    def values(self, path: tuple[str | int, ...], op: Operator, value: object) -> tuple[str, ...]:
        """Read the values of one condition key."""
        items = value if isinstance(value, list) else [value]
        if not all(isinstance(item, str | int | float) for item in items):
            self.problem(path, f"write a text or a list of texts, got {_shown(value)}")
            return ()
        texts = tuple(str(item).lower() if isinstance(item, bool) else str(item) for item in items)
        for text in texts:
            wrong = value_problem(op, text)
            if wrong:
                self.problem(path, wrong)
        return texts


_ACTION_FORM = "{!r} is no action: write service:Name, such as s3:GetObject, or *"


def _allows_everything(statement: Mapping[str, object]) -> bool:
    """Whether it is RCPFullAWSAccess."""
    return all(statement.get(key) in ("*", ["*"]) for key in ("Action", "Resource")) and "Condition" not in statement


def _spelled(path: Sequence[str | int]) -> str:
    """A place in a document as people write it: Statement[0].Action."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def _shown(value: object) -> str:
    """A value as a message shows it, short."""
    text = "nothing" if value is None else json.dumps(value, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 (one line of a message)


def line_of(text: str, path: Sequence[str | int]) -> int:
    """Line on which *path* stands in JSON *text*; for what is absent, the line of what should hold it."""
    from ruamel.yaml import YAML  # noqa: PLC0415 (JSON is YAML; only a message needs it)

    node: Any = YAML().load(text.replace("\t", " "))
    line = 0
    for part in path:
        try:
            line = node.lc.item(part)[0] if isinstance(part, int) else node.lc.key(part)[0]
            node = node[part]
        except (KeyError, IndexError, AttributeError, TypeError):
            break
    return int(line) + 1
