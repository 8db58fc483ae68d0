"""Labels that people give: which item, which label, by whom, when, and where it is known from.

All of a model's lie in one place, where everybody of the team reads them and nobody else:

    s3://DATA-BUCKET/datasets/DATASET/labels/MODEL/TIME-PERSON-DIGEST.csv

One file is one person's labelling and is never written again: whoever changes a label gives it anew, and the newest of
each person counts. Where a team shares the data set its labels, which lie below it, are shared too. SageMaker Ground
Truth "is no longer open to new customers" (SageMaker Developer Guide, "Input data", read 2026-11-30).
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from hashlib import sha256
from itertools import combinations
from pathlib import Path
from typing import Final

from operations.model.errors import ModelError
from operations.model.place import Clients, Place
from operations.model.spec import ModelSpec
from operations.model.stored import files, put
from zone import names
from zone.specs.problems import Problem, SpecErrors, few

GIVEN: Final = ("item", "label")
"""Columns of a file that is given."""

_LONGEST: Final = 256
"""Characters of an item's name or a source [count]."""

_SHOWN: Final = 20
"""Problems of one file that are listed [count]."""


@dataclass(frozen=True, kw_only=True)
class Label:
    """One label, as it is kept."""

    item: str
    """What is labelled: the record's id."""

    label: str
    """One of the labels that model.yaml allows."""

    labelled_by: str
    """Who, by name at sign-in."""

    labelled_at: str
    """When it was given [UTC, 2026-11-30T12:00:00Z]."""

    source: str
    """Where it is known from."""


COLUMNS: Final = tuple(each.name for each in fields(Label))
"""Columns of a file that is kept."""


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """How far two people agree on what both have labelled."""

    people: tuple[str, str]
    items: int
    """What both have labelled [count]."""

    share: float
    """On which share of it they agree [0 to 1]."""

    kappa: float | None
    """Cohen's kappa, agreement beyond chance [-1 to 1]; None: both always say the same one label."""


def home(place: Place, spec: ModelSpec) -> str:
    """Return where the labels of a model lie.

    Raises:
        ModelError: the model has none.
    """
    if not spec.labels:
        raise ModelError(f"{spec.model} has no labels that people give: say which under labels of its model.yaml")
    return f"s3://{place.bucket('data')}/{names.dataset_prefix(spec.dataset)}/labels/{spec.model}"


def give(place: Place, clients: Clients, spec: ModelSpec, file: Path, *, by: str, source: str) -> str:
    """Keep the labels of *file*; return where.

    Args:
        place: the team's account.
        clients: who gives them.
        spec: the model.
        file: CSV with the columns item and label.
        by: who gives them, by name at sign-in.
        source: where they are known from.

    Raises:
        ModelError: the model has no labels, or the file or the source cannot be used.
        SpecErrors: what is wrong in the file, by its line.
    """
    where = home(place, spec)
    if not 0 < len(source) <= _LONGEST:
        raise ModelError(f"--source: say in 1 to {_LONGEST} characters where the labels are known from")
    now = datetime.now(UTC)
    given = _given(file, spec.labels)
    kept = [
        Label(item=item, label=label, labelled_by=by, labelled_at=f"{now:%Y-%m-%dT%H:%M:%SZ}", source=source)
        for item, label in given.items()
    ]
    content = _written(kept)
    person = re.sub(r"[^A-Za-z0-9.-]", "_", by)
    address = f"{where}/{now:%Y%m%dT%H%M%SZ}-{person}-{sha256(content).hexdigest()[:8]}.csv"
    put(clients, address, content)
    return address


def read(place: Place, clients: Clients, spec: ModelSpec) -> list[Label]:
    """Return all labels of a model, the newest last.

    Raises:
        ModelError: it has none, or a file that nobody of this command has written lies among them.
    """
    where, found = home(place, spec), []
    for name, content in files(clients, where):
        try:
            head, *rows = csv.reader(io.StringIO(content.decode(), newline=""), strict=True)
            found += [Label(**dict(zip(head, row, strict=True))) for row in rows]
        except (csv.Error, ValueError, TypeError) as error:  # TypeError: other columns
            raise ModelError(f"{where}/{name} is no file of labels: {error}; take it away") from error
    return sorted(found, key=lambda each: (each.labelled_at, each.labelled_by, each.item))


def newest(labels: Iterable[Label]) -> dict[str, dict[str, str]]:
    """Return item → person → the newest label that the person gave it. *labels*: the newest last."""
    found: dict[str, dict[str, str]] = {}
    for each in labels:
        found.setdefault(each.item, {})[each.labelled_by] = each.label
    return found


def counts(labels: Sequence[Label]) -> dict[str, Counter[str]]:
    """Return person → label → how many items the person's newest word gives it."""
    found: dict[str, Counter[str]] = {each.labelled_by: Counter() for each in labels}
    for said in newest(labels).values():
        for person, label in said.items():
            found[person][label] += 1
    return found


def disputed(labels: Sequence[Label]) -> dict[str, Mapping[str, str]]:
    """Return the items on which people differ: item → person → label."""
    return {item: said for item, said in newest(labels).items() if len(set(said.values())) > 1}


def agreements(labels: Sequence[Label]) -> Iterator[Agreement]:
    """Yield for each two people who have labelled the same items how far they agree.

    Source of kappa: Cohen, "A coefficient of agreement for nominal scales", 1960, from memory.
    """
    said = newest(labels).values()
    for one, other in combinations(sorted({each.labelled_by for each in labels}), 2):
        pairs = [(each[one], each[other]) for each in said if one in each and other in each]
        if not pairs:
            continue
        share = sum(a == b for a, b in pairs) / len(pairs)
        first, second = (Counter(pair[at] for pair in pairs) for at in (0, 1))
        chance = sum(first[label] * second[label] for label in first) / len(pairs) ** 2
        kappa = None if chance == 1 else (share - chance) / (1 - chance)
        yield Agreement(people=(one, other), items=len(pairs), share=share, kappa=kappa)


def _given(file: Path, allowed: Sequence[str]) -> dict[str, str]:
    """Item → label of a file that is given.

    Raises:
        ModelError: it cannot be read.
        SpecErrors: what is wrong in it.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"the labels {file} can't be read: {error}") from error
    rows = csv.reader(io.StringIO(text, newline=""))
    problems: list[Problem] = []
    found: dict[str, str] = {}
    try:
        if tuple(next(rows, ())) != GIVEN:
            problems.append(Problem(str(file), 1, "", f"begin with the line {','.join(GIVEN)}"))
        else:
            for row in rows:
                if wrong := _wrong(row, found, allowed):
                    problems.append(Problem(str(file), rows.line_num, "", wrong))
                elif row:
                    found[row[0]] = row[1]
    except csv.Error as error:
        problems.append(Problem(str(file), rows.line_num, "", f"no CSV: {error}"))
    if not problems and not found:
        problems.append(Problem(str(file), 2, "", "there is no label: give a line for each item"))
    if problems:
        raise SpecErrors(problems[:_SHOWN])
    return found


def _wrong(row: Sequence[str], found: Mapping[str, str], allowed: Sequence[str]) -> str:
    """Say what is wrong with a row; empty: nothing."""
    if not row:
        return ""
    if len(row) != len(GIVEN):
        return f"give {len(GIVEN)} values, got {len(row)}"
    item, label = row
    if not 0 < len(item) <= _LONGEST:
        return f"item: give 1 to {_LONGEST} characters, got {len(item)}"
    if item in found:
        return f"item: {item} stands there twice: one person gives an item one label"
    return "" if label in allowed else f"label: {label!r} is none of {few(allowed)}, which model.yaml allows"


def _written(labels: Iterable[Label]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(astuple(each) for each in labels)
    return out.getvalue().encode()
