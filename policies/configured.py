"""--policy-pack-config, checked before the first resource: the engine hands misspelt names on, and none reads them."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from policies.read import InputError, read_settings


def misspelt(chosen: Mapping[str, Mapping[str, Any]], own: Collection[str]) -> Iterator[str]:
    """Yield what is wrong with each rule of *chosen*; a file may serve several packs, so all their rules are known.

    Args:
        chosen: settings by rule.
        own: names of the pack's policies; those that are no rule have no settings.
    """
    for key in sorted(chosen):
        if chosen[key] or key not in own:
            try:
                read_settings({key: chosen[key]}, "--policy-pack-config")
            except InputError as error:
                yield str(error)
