"""The command line: collects the verbs, and turns a user's mistake into one message and exit code 2."""

import sys

import typer

from accounts.problems import SpecErrors
from cli import access
from cli.plan import plan
from cli.policy import policy
from cli.test import verify

app = typer.Typer(
    name="mlz",
    help="An ML landing zone on AWS, proven before it is deployed.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("plan")(plan)
app.command("policy")(policy)
app.add_typer(access.app, name="access")
app.command("test")(verify)


@app.callback()
def root() -> None:
    """An ML landing zone on AWS, proven before it is deployed."""


def main() -> None:
    """Run the command line; what the user can mend is one message and exit code 2, never a traceback."""
    try:
        app(prog_name="./mlz")
    except SpecErrors as errors:
        count = len(errors.problems)
        print(errors, file=sys.stderr)  # noqa: T201 -- plain lines, as editors and terminals parse them
        sys.exit(print(f"{count} problem{'s' if count > 1 else ''} to mend; nothing was changed", file=sys.stderr) or 2)  # noqa: T201
