"""EC2's filters over records of our own: vpc-id is VpcId, tag:owner a tag, state a state; * and ? match."""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from local.handlers.records import Record


def matching(records: Iterable[Record], filters: Iterable[Mapping[str, Any]] | None) -> list[Record]:
    """Return the records that all *filters* of a request hold for."""
    return [record for record in records if all(_holds(record, each) for each in filters or ())]


def _holds(record: Record, wanted: Mapping[str, Any]) -> bool:
    name = str(wanted["Name"])
    if name.startswith("tag:"):
        tags = {tag["Key"]: tag["Value"] for tag in record.get("Tags", [])}
        found = tags.get(name.removeprefix("tag:"))
    else:
        found = record.get("".join(part.capitalize() for part in name.split("-")))
    said = str(found).lower() if isinstance(found, bool) else str(found)
    return found is not None and any(fnmatchcase(said, str(value)) for value in wanted["Values"])
