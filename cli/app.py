"""The command line: collects the verbs, and turns a user's mistake into one message and exit code 2."""

import os
import sys
from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Final

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
    "model": "cli.model",
    "new": "cli.new",
    "policy": "cli.policy",
    "access": "cli.access",
    "test": "cli.test",
    "completion": "cli.completion",
    "bootstrap": "cli.bootstrap",
    "doctor": "cli.doctor",
    "adopt": "cli.adopt",
    "network": "cli.network",
    "retire": "cli.retire",
    "unlock": "cli.unlock",
    "rehearsal": "cli.rehearsal",
    "comment": "cli.comment",
    "list": "cli.list",
}
"""Verb → module; a module has a function of the verb's name, or `app` where the verb has verbs of its own."""

QUICK: Final = "policy"
"""The verb that reads its own arguments: `main(arguments)` returns the exit code. It must start without typer."""


INTERRUPTED: Final = 130
"""The exit code after Ctrl-C: 128 and the number of its signal."""
COMPLETES: Final = "_MLZ_COMPLETE"
"""Set by a shell's script (`./mlz completion`) when it asks what may come next."""


def command_line(verbs: Iterable[str] = VERBS, *, named_only: bool = False) -> "typer.Typer":
    """Return the command line of *verbs*; typer and their modules are imported only now, for some take seconds.

    With *named_only* none is: a shell that completes a verb asks for no more than names.
    """
    import typer  # noqa: PLC0415 -- see above

    app = typer.Typer(
        name="mlz",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    def say_version(wanted: bool) -> None:
        if wanted:
            typer.echo(import_module("cli.version").versions())
            raise typer.Exit

    @app.callback()
    def root(
        *,
        _version: Annotated[
            bool, typer.Option("--version", callback=say_version, is_eager=True, help="Print versions and exit.")
        ] = False,
    ) -> None:
        """An ML landing zone on AWS, proven before it is deployed."""

    for verb in verbs:
        if named_only:
            app.command(verb)(lambda: None)
            continue
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
    try:
        try:
            run(typed())
        finally:
            sys.stdout.flush()  # here, where what can't be written is still a message
    except SystemExit as end:
        if end.code == INTERRUPTED:  # typer has made Ctrl-C of it, without a word
            fail("mlz: interrupted; the same command goes on from here", INTERRUPTED)
        raise
    except SpecErrors as errors:
        count = len(errors.problems)
        fail(f"{errors}\n{count} problem{'s' if count > 1 else ''} to mend; nothing was changed", 2)
    except LocalError as error:
        fail(f"mlz: {error}", 2)
    except BrokenPipeError:  # `| head` has read enough; Python must not try to write the rest
        discard_output()
        sys.exit(1)
    except OSError as error:
        if error.strerror is None:  # no file's: the text says all
            fail(f"mlz: {error}; the same command tries again", 1)
        discard_output()
        where = error.filename or "the output"
        fail(f"mlz: {where}: {error.strerror}; make it writable, or free some room, and run the same command again", 2)
    except KeyboardInterrupt:
        fail("mlz: interrupted; the same command goes on from here", INTERRUPTED)


def typed() -> list[str]:
    """Return the words after `mlz`; where a shell asks what may come next, those typed so far."""
    if COMPLETES not in os.environ:
        return sys.argv[1:]
    return (os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS", "")).split()[1:]


def run(words: list[str]) -> None:
    """Run the verb that *words* begin with; only its module is imported, for all together take seconds."""
    if words[:1] == [QUICK] and COMPLETES not in os.environ:
        sys.exit(import_module(VERBS[QUICK]).main(words[1:]))
    one = words[:1] if words and words[0] in VERBS else []
    app = command_line(one or VERBS, named_only=COMPLETES in os.environ and not one)
    if COMPLETES in os.environ:
        import_module("typer.completion").completion_init()
    app(prog_name="./mlz", complete_var=COMPLETES)


def discard_output() -> None:
    """Let what is still to be written go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def fail(message: str, code: int) -> None:
    """Say it and stop."""
    sys.stderr.write(f"{message}\n")
    sys.exit(code)
