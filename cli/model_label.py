"""`./mlz model label`: the labels that people give, and what all of a team see of them."""

from pathlib import Path

import typer
from rich.table import Table

from cli.model_place import Rehearsed, Where
from cli.model_shown import console
from operations.model import labels
from operations.model.errors import ModelError
from operations.model.spec import ModelSpec
from zone.specs.vocabulary import Persona

_SHOWN = 20
"""Labels and items of which people differ that are listed [count]."""


def label(here: Where, spec: ModelSpec, file: Path | None, *, source: str | None, member: str | None) -> None:
    """Keep the labels of *file*, if one is given, then show all there are.

    Raises:
        ModelError, SpecErrors: as operations.model.labels; a file without a source.
    """
    if isinstance(here, Rehearsed):
        here.up()
    named = here.team.members.get(member or "")
    engineer = named is not None and named.persona is Persona.ML_ENGINEER
    person = here.person(Persona.ML_ENGINEER if engineer else Persona.DATA_SCIENTIST, member)
    if file is not None:
        if source is None:
            raise ModelError("say by --source where the labels are known from, such as 'called on 2 November'")
        address = labels.give(here.place, person.clients, spec, file, by=person.name, source=source)
        typer.echo(f"{file} → {address}", err=True)
    _show(here, spec, labels.read(here.place, person.clients, spec))


def _show(here: Where, spec: ModelSpec, found: list[labels.Label]) -> None:
    out = console()
    if not found:
        out.print(f"nobody has labelled anything for {spec.model}: ./mlz model label {spec.model} FILE --source TEXT")
        return
    who = _table("Who labelled", "person", *spec.labels, "items")
    for name, given in labels.counts(found).items():
        who.add_row(name, *(str(given[one]) for one in spec.labels), str(given.total()))
    out.print(who)
    agree = _table("How far they agree", "", "", "items", "agree", "kappa")
    for pair in labels.agreements(found):
        kappa = "" if pair.kappa is None else f"{pair.kappa:.2f}"
        agree.add_row(*pair.people, str(pair.items), f"{pair.share:.0%}", kappa)
    if agree.row_count:
        out.print(agree)
    differ = labels.disputed(found)
    if differ:
        told = _table(f"They differ on {len(differ)} items", "item", "who says what")
        for item, said in [*differ.items()][:_SHOWN]:
            told.add_row(item, ", ".join(f"{name}: {one}" for name, one in said.items()))
        out.print(told)
    last = _table(f"The newest of {len(found)} labels", *labels.COLUMNS)
    for each in reversed(found[-_SHOWN:]):
        last.add_row(*(str(getattr(each, name)) for name in labels.COLUMNS))
    out.print(last)
    out.print(f"all of them: {labels.home(here.place, spec)}/", soft_wrap=True, markup=False)


def _table(title: str, *columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
