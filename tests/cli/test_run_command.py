"""What `./mlz preview` prints of a refusal, on a terminal and in a file."""

import io

import pytest
from rich.console import Console

from cli.outcomes import RunFormat, show, show_text
from local.events import Failure
from local.outcome import Outcome

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


@pytest.mark.parametrize(
    "refusal",
    [
        "ResourceLimitExceeded: The account-level service limit 'Total domains' is 2 Domains, with current utilization",
        "VpcEndpointLimitExceeded: The maximum number of VPC endpoints has been reached.",
        "ConstraintViolationException: You have exceeded the allowed number of AWS accounts.",
    ],
)
def test_a_quota_that_is_reached_is_told_with_its_remedy(capsys, refusal):
    show([Outcome("dev-fraud", 1, failures=[Failure("", refusal)])], RunFormat.TEXT)

    assert "remedy: `./mlz quotas dev-fraud` says what to ask AWS for; write what it grants under quotas:" in (
        capsys.readouterr().out
    )


def test_another_refusal_has_no_such_remedy(capsys):
    show([Outcome("dev-fraud", 1, failures=[Failure("", "AccessDenied: no")])], RunFormat.TEXT)

    assert "quotas" not in capsys.readouterr().out
