"""HTML from Python: text is escaped unless it is markup already."""

from collections.abc import Iterable
from html import escape

EMPTY = frozenset({"input", "meta"})
"""Elements that hold nothing and are never closed."""


class Markup(str):
    """Text that is HTML already; only `tag` and `joined` make it."""

    __slots__ = ()


def tag(name: str, *children: str, **attributes: str | int | bool | None) -> Markup:
    """Write one element.

    Args:
        name: its name.
        children: text, which is escaped, or markup.
        attributes: a trailing underscore is dropped (class_), others become dashes; None and False are left out.
    """
    said = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{escape(str(value))}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    return Markup(f"<{name}{said}>" + ("" if name in EMPTY else f"{joined(children)}</{name}>"))


def joined(children: Iterable[str]) -> Markup:
    """Put text and markup one behind the other."""
    return Markup("".join(child if isinstance(child, Markup) else escape(child) for child in children))


def table(heads: Iterable[str], rows: Iterable[Iterable[str]], *, numbers: frozenset[int] = frozenset()) -> Markup:
    """Write a table whose rows the page's filter finds; columns in *numbers* stand right."""
    cells = [[tag("td", cell, class_="n" if at in numbers else None) for at, cell in enumerate(row)] for row in rows]
    head = joined(tag("th", text, scope="col", class_="n" if at in numbers else None) for at, text in enumerate(heads))
    body = joined(tag("tr", *row, class_="found") for row in cells)
    return tag("div", tag("table", tag("thead", tag("tr", head)), tag("tbody", body)), class_="wide")


def usd(amount: float | None) -> str:
    """Write an amount a month; one that nobody knows is said."""
    return "not known" if amount is None else f"{amount:,.2f}"


def words(key: str) -> str:
    """Write a key as people say it."""
    return key.replace("_", " ").replace("-", " ")
