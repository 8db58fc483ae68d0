"""The command line: collects the verbs, and turns a user's mistake into one message and exit code 2."""

import os
import sys
from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING, Final

from local.errors import LocalError
from zone.specs.problems import SpecErrors

if TYPE_CHECKING:
    import typer

VERBS: Final = {
    "demo": "cli.demo",
    "plan": "cli.plan",
    "preview": "cli.run",
    "up": "cli.run",
    "refresh": "cli.run",
    "destroy": "cli.run",
    "teardown": "cli.teardown",
    "quotas": "cli.quotas",
    "people": "cli.people",
    "new": "cli.new",
    "policy": "cli.policy",
    "access": "cli.access",
    "test": "cli.test",
    "adopt": "cli.adopt",
    "network": "cli.network",
}
"""Verb → module; a module has a function of the verb's name, or `app` where the verb has verbs of its own."""

QUICK: Final = "policy"
"""The verb that reads its own arguments: `main(arguments)` returns the exit code. It must start without typer."""


def command_line(verbs: Iterable[str] = VERBS) -> "typer.Typer":
    """Return the command line of *verbs*; typer and their modules are imported only now, for some take seconds."""
    import typer  # noqa: PLC0415 -- see above

    app = typer.Typer(name="mlz", no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)

    @app.callback()
    def root() -> None:
        """An ML landing zone on AWS, proven before it is deployed."""

    for verb in verbs:
        module = import_module(VERBS[verb])
        if verb == QUICK:
            app.command(verb, help=module.SUMMARY)(lambda: None)  # its line in --help; main() runs it
        elif hasattr(module, "app"):
            app.add_typer(module.app, name=verb)
        else:
            app.command(verb)(getattr(module, verb))
    return app


def main() -> None:
    """Run the command line; what the user can mend is one message and exit code 2, never a traceback."""
    asked = sys.argv[1:2]
    try:
        if asked == [QUICK]:
            code = import_module(VERBS[QUICK]).main(sys.argv[2:])
            sys.stdout.flush()
            sys.exit(code)
        command_line(asked if asked and asked[0] in VERBS else VERBS)(prog_name="./mlz")
    except SpecErrors as errors:
        count = len(errors.problems)
        fail(f"{errors}\n{count} problem{'s' if count > 1 else ''} to mend; nothing was changed", 2)
    except LocalError as error:
        fail(f"mlz: {error}", 2)
    except BrokenPipeError:  # `| head` has read enough; Python must not try to write the rest
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        fail("mlz: interrupted; the same command goes on from here", 130)


def fail(message: str, code: int) -> None:
    """Say it and stop."""
    sys.stderr.write(f"{message}\n")
    sys.exit(code)
