"""The command line: collects the verbs, and turns a user's mistake into one message and exit code 2."""

import typer

from cli import access

app = typer.Typer(
    name="mlz",
    help="An ML landing zone on AWS, proven before it is deployed.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(access.app, name="access")


@app.callback()
def root() -> None:
    """An ML landing zone on AWS, proven before it is deployed."""


def main() -> None:
    """Run the command line."""
    app()
