"""One HTML page without any other file's help but pictures beside it."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

STYLE = """body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
table{border-collapse:collapse;margin:.5rem 0 1.5rem}td,th{padding:.3rem .7rem;text-align:left;
border-bottom:1px solid #ddd}
.wide{overflow-x:auto}.no{color:#b00020;font-weight:600}.yes{color:#1b6e3c}img{max-width:100%}
@media(max-width:40rem){th{display:none}tr{display:block;padding:.4rem 0;border-bottom:1px solid #ddd}
td{display:block;border:0;padding:0 .3rem}td:first-child{font-weight:600}
td:not(:first-child)::before{content:attr(data-is) ": ";color:#666;font-weight:400}}"""
"""On a phone a row stands below the other, each cell behind its column's name."""


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a table; what a cell says is text, never markup. True and False are written as yes and no, coloured."""
    if not rows:
        return "<p>None.</p>"
    body = "".join(
        "<tr>" + "".join(_cell(name, value) for name, value in zip(head, row, strict=True)) + "</tr>" for row in rows
    )
    heads = "".join(f"<th>{escape(name)}</th>" for name in head)
    return f'<div class="wide"><table><tr>{heads}</tr>{body}</table></div>'


def write(path: Path, title: str, said: str, parts: Sequence[tuple[str, str]], pictures: Sequence[str] = ()) -> None:
    """Write a page of *parts* (heading and HTML) and *pictures* (file names beside it)."""
    sections = "".join(f"<h2>{escape(heading)}</h2>{content}" for heading, content in parts)
    shown = "".join(f'<p><img src="{escape(name)}" alt="{escape(name)}"></p>' for name in pictures)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{STYLE}</style>"
        f"<h1>{escape(title)}</h1><p>{escape(said)}</p>{sections}{shown}</html>\n"
    )


def _cell(name: str, value: object) -> str:
    of = f'data-is="{escape(name)}"'
    if isinstance(value, bool):
        return f'<td {of} class="{"yes" if value else "no"}">{"yes" if value else "no"}</td>'
    return f"<td {of}>{escape(f'{value:.4g}' if isinstance(value, float) else str(value))}</td>"
