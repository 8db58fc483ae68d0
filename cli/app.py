"""The command line: collects the verbs, and turns a user's mistake into one message and exit code 2."""

import sys

import typer

from accounts.problems import SpecErrors
from cli import access
from cli.demo import demo
from cli.plan import plan
from cli.policy import policy
from cli.run import destroy, preview, refresh, up
from cli.test import verify
from local.cloud import CloudError
from local.engine import EngineMissingError
from local.stack import StackError

app = typer.Typer(
    name="mlz",
    help="An ML landing zone on AWS, proven before it is deployed.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("demo")(demo)
app.command("plan")(plan)
for command in (preview, up, refresh, destroy):
    app.command(command.__name__)(command)
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
        fail(f"{errors}\n{count} problem{'s' if count > 1 else ''} to mend; nothing was changed", 2)
    except (EngineMissingError, CloudError, StackError) as error:
        fail(f"mlz: {error}", 2)
    except KeyboardInterrupt:
        fail("mlz: interrupted; the same command goes on from here", 130)


def fail(message: str, code: int) -> None:
    """Say it and stop."""
    sys.stderr.write(f"{message}\n")
    sys.exit(code)
