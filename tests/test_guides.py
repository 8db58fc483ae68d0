"""docs/guides: the commands are typed, and print what the guides say they print; the pages they name exist."""

import re
import shlex
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.app import command_line
from tests.transcripts import printed, transcript

ROOT = Path(__file__).parents[1]
GUIDES = ROOT / "docs" / "guides"
PAGES = {page.stem: page.read_text() for page in sorted(GUIDES.glob("[0-9]*.md"))}


@cache
def ran(command):
    """Type a command once: guides repeat each other. In this process, which has imported it all already."""
    words = shlex.split(command)
    assert "./mlz" == words[0]
    return CliRunner().invoke(command_line([words[1]]), words[1:], prog_name="mlz", env={"COLUMNS": "120"})


@pytest.mark.shows("Q2")
@pytest.mark.parametrize("guide", PAGES)
def test_each_command_of_a_guide_prints_what_the_guide_says(guide):
    typed = [*transcript(PAGES[guide])]

    assert typed
    for command, code, lines in typed:
        done = ran(command)
        assert code == done.exit_code, f"{command}\n{done.output}"
        assert [] == [line for line in lines if not printed(line, done.stdout)], f"{command}\n{done.stdout}"


def test_there_is_a_guide_for_each_topic_and_it_is_short():
    topics = re.findall(r"^\| \[\d\. ([^]]+)\]\(([^)]+)\)", (GUIDES / "README.md").read_text(), re.MULTILINE)

    assert [*PAGES] == [Path(file).stem for _, file in topics]
    assert [f"# {number}. {topic}" for number, (topic, _) in enumerate(topics, 1)] == [
        page.splitlines()[0] for page in PAGES.values()
    ]
    assert max(len(page.splitlines()) for page in PAGES.values()) <= 60


def test_the_pages_that_guides_send_to_exist():
    pages = [GUIDES / "README.md", *GUIDES.glob("[0-9]*.md")]
    named = [(page, link) for page in pages for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())]

    assert [] == [link for page, link in named if not (page.parent / link).exists()]
