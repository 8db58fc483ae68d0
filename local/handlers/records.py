"""Resources that only have to be stored and read back: one Kind each.

Most of what moto lacks is of this sort. A Kind says what identifies a resource and what AWS adds to it;
Create, Describe, Update, Delete and List follow from that.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from local.handlers.operation import Call, Refusal, operation
from local.handlers.tags import forget_tags, tags_of

Record = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A type of resource: how it is named, found and completed."""

    service: str
    """As botocore calls it."""

    noun: str
    """The word in the operations' names: Domain of CreateDomain."""

    keys: tuple[str, ...]
    """Members that together identify one; given by the caller or made by *added*."""

    arn: str | None = None
    """The member that holds its ARN."""

    added: Callable[[Call], Record] = lambda _call: {}
    """What AWS adds when it is made: ids, ARN, status, defaults."""

    changed: Callable[[Record, Call], None] = lambda record, call: record.update(call.params)
    """How an update changes the record."""

    not_found: str = "ResourceNotFoundException"
    """The error code of a missing one."""

    not_found_text: str = "{noun} {key} does not exist"
    """The error message of a missing one."""

    exists: str = "ResourceInUseException"
    """The error code of a second one with the same keys."""

    verbs: Mapping[str, str] = field(default_factory=dict)
    """Operations whose verb differs: {"Describe": "Get"}."""

    listed: str | None = None
    """The output member of List…; None: this kind isn't listed."""

    def __post_init__(self) -> None:
        """Put the operations into the table."""
        for verb, handler in {
            "Create": self._create,
            "Describe": self._describe,
            "Update": self._update,
            "Delete": self._delete,
        }.items():
            operation(self.service, f"{self.verbs.get(verb, verb)}{self.noun}")(handler)
        if self.listed:
            plural = self.noun.removesuffix("y") + "ies" if self.noun.endswith("y") else f"{self.noun}s"
            operation(self.service, f"List{plural}")(self._list)

    def store(self, account: str, region: str) -> dict[tuple[str, ...], Record]:
        """All of this kind in one account and region."""
        return STORES.setdefault((self.service, self.noun, account, region), {})

    def find(self, call: Call) -> Record:
        """The record that *call* names."""
        key = tuple(str(call.params.get(member)) for member in self.keys)
        record = self.store(call.account, call.region).get(key)
        if record is None:
            text = self.not_found_text.format(noun=self.noun, key="/".join(key))
            raise Refusal(self.not_found, text)
        return record

    def _create(self, call: Call) -> Record:
        now = stamp()
        record = {"CreationTime": now, "LastModifiedTime": now, **self.added(call), **call.params}
        record = {member: value for member, value in record.items() if value is not None}
        key = tuple(str(record.get(member)) for member in self.keys)
        store = self.store(call.account, call.region)
        if key in store:
            raise Refusal(self.exists, f"{self.noun} {'/'.join(key)} already exists")
        given = record.pop("Tags", record.pop("tags", None))
        if self.arn:
            tags_of(call.service, record[self.arn]).update(given)
        store[key] = record
        return shown(record, call)

    def _describe(self, call: Call) -> Record:
        return shown(self.find(call), call)

    def _update(self, call: Call) -> Record:
        record = self.find(call)
        self.changed(record, call)
        record["LastModifiedTime"] = stamp()
        return shown(record, call)

    def _delete(self, call: Call) -> Record:
        record = self.find(call)
        del self.store(call.account, call.region)[tuple(str(record.get(member)) for member in self.keys)]
        if self.arn:
            forget_tags(call.service, record[self.arn])
        return shown(record, call)

    def _list(self, call: Call) -> Record:
        wanted = {name.removesuffix("Equals"): value for name, value in call.params.items()}
        return {
            self.listed or "": [
                record
                for record in self.store(call.account, call.region).values()
                if all(record.get(name, value) == value for name, value in wanted.items())
            ]
        }


STORES: dict[tuple[str, str, str, str], dict[tuple[str, ...], Record]] = {}
"""(service, noun, account, region) → key → record."""


def shown(record: Record, call: Call) -> Record:
    """What of *record* the answer to *call* has members for."""
    members = call.output.members if call.output else {}
    return {member: record[member] for member in members if member in record}


def stamp() -> datetime:
    """Now, as AWS stamps it."""
    return datetime.now(UTC)
