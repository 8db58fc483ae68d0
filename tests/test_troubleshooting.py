"""docs/troubleshooting.md quotes our messages as they are: each is looked for in the code."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "troubleshooting.md").read_text()
ROOMS = ("zone", "stacks", "cli", "local", "operations", "policies", "checks")
OTHERS = "Pulumi's and AWS's own words"
HOLE = "\0"
"""Stands in a text of the code for what is filled in."""


@cache
def said():
    """Return every text in the code, as the code joins it, with holes where something is filled in."""
    files = [ROOT / "mlz", *(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))]
    return frozenset(text for file in files for text in texts(ast.parse(file.read_text())))


def texts(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else HOLE for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def quoted():
    """Messages of the page's first columns, but for those that are Pulumi's or AWS's."""
    for part in PAGE.split("\n## ")[1:]:
        if part.startswith(OTHERS):
            continue
        for line in part.splitlines():
            cell = line.strip("|").split("|")[0].strip() if line.startswith("| `") else ""
            yield from re.findall(r"`([^`]+)`", cell)


def printed(message):
    """Whether a text of the code has all parts of the message, in its order."""
    parts = [re.escape(part.strip()) for part in message.split("…") if part.strip()]
    pattern = re.compile(".*".join(parts), re.DOTALL)
    return any(pattern.search(text) for text in said())


@pytest.mark.parametrize("message", [*quoted()])
def test_a_message_of_the_page_is_one_of_ours(message):
    assert printed(message), "the code says it otherwise now"


def test_the_page_quotes_enough_and_a_message_that_nobody_prints_is_found_out():
    assert 25 <= len([*quoted()])
    assert not printed("its address … is recorded twice: run ./mlz plan")


def test_the_pages_that_it_sends_to_exist():
    assert [] == [name for name in re.findall(r"\]\(([\w.-]+)\)", PAGE) if not (ROOT / "docs" / name).exists()]
