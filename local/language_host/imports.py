"""Importing this imports what our program and packs import: before they are forked, see local.language_host.host."""

from collections.abc import Iterable
from contextlib import suppress
from importlib import import_module
from typing import Final

# Names, for they belong to rooms that this one may not enter.
OURS: Final = (
    "local.language_host.service",
    "policies.pack",
    "policies.tagging.fill",
    "stacks.build",
    "stacks.organization",
    "stacks.platform",
    "stacks.team",
)


def import_all(modules: Iterable[str]) -> None:
    """Import *modules*; what can't be imported is left to whoever needs it, and says then what is wrong with it."""
    for module in modules:
        with suppress(Exception):
            import_module(module)


import_all(OURS)
