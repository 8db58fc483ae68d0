"""The command line: collects the verbs, and turns a user's mistake into one message and exit code 2."""

import typer

from cli.policy import policy
from cli.test import verify

app = typer.Typer(
    name="mlz",
    help="An ML landing zone on AWS, proven before it is deployed.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("policy")(policy)
app.command("test")(verify)


@app.callback()
def root() -> None:
    """An ML landing zone on AWS, proven before it is deployed."""


def main() -> None:
    """Run the command line."""
    app(prog_name="./mlz")
