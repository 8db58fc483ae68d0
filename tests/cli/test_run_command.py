"""What `./mlz preview` prints of a refusal, on a terminal and in a file."""

import io

import pytest
from rich.console import Console

from cli.run import show_text

LONG = f"subnetId is not set. Remedy: {'word ' * 20}[bold].\nsecond line"


@pytest.fixture
def printed():
    def printed(*, terminal):
        file = io.StringIO()
        show_text(Console(file=file, width=80, force_terminal=terminal, color_system=None), LONG, 5)
        return file.getvalue().splitlines()

    return printed


def test_a_file_gets_each_line_whole(printed):
    assert ["     " + line for line in LONG.splitlines()] == printed(terminal=False)


def test_a_terminal_gets_lines_wrapped_within_their_indent(printed):
    lines = printed(terminal=True)

    assert 2 < len(lines)
    assert all(line.startswith("     ") and len(line.rstrip()) <= 80 for line in lines)
    assert LONG.split() == " ".join(lines).split()
