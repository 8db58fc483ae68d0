"""`./mlz completion`: a shell completes verbs, options and stacks."""

from enum import StrEnum
from typing import Annotated

import typer
from typer.completion import get_completion_script  # type: ignore[attr-defined]  # typer has no other way

from cli.app import COMPLETES


class Shell(StrEnum):
    """Shells that are served."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def completion(shell: Annotated[Shell, typer.Argument(help="bash, zsh or fish.")]) -> None:
    """Print the script that lets a shell complete mlz; it must be found as `mlz`, say by a link in ~/.local/bin.

    bash: eval "$(./mlz completion bash)" in ~/.bashrc (completes ./mlz too). zsh: the same in ~/.zshrc, after compinit.
    fish: ./mlz completion fish > ~/.config/fish/completions/mlz.fish
    """
    typer.echo(get_completion_script(prog_name="mlz", complete_var=COMPLETES, shell=shell.value))
