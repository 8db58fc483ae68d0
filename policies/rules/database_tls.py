"""RDS parameter groups: whether the database refuses what comes without TLS."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from policies.rules.plain import Reader, Resource
from policies.rules.registry import Stack, stack_rule

CLUSTERS: Final = "aws:rds/clusterParameterGroup:ClusterParameterGroup"
GROUPS: Final = ("aws:rds/parameterGroup:ParameterGroup", CLUSTERS)

_ENGINES: Final[Mapping[str, Any]] = json.loads((Path(__file__).parent / "rds_versions.json").read_text())["tls"]
_FAMILY: Final = re.compile(r"(?P<engine>[a-z-]+?)(-(se|ee|ex|web))?-?(?P<version>[0-9]+(\.[0-9]+)*)")
_ON: Final = ("1", "1.0", "on", "true")


@stack_rule(
    "rds-tls-enforced", "set rds.force_ssl (PostgreSQL, SQL Server) or require_secure_transport (MySQL, MariaDB) to 1"
)
def tls_enforced(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """The family says which parameter there is and whether it is on by itself; some engines have none."""
    for group in stack.of(*GROUPS):
        family = "".join(map(str, stack.known(group, group, "family")))
        name, default = _parameter(family, of_cluster=group.type == CLUSTERS)
        if not name:
            continue
        reader = Reader(group, {})
        values = [
            str(value).lower()
            for entry in reader.elements("parameters[]")
            for _, called in entry.each("name")
            if called == name
            for _, value in entry.each("value")
        ]
        if values and not any(value in _ON for value in values):
            yield group, f"{name} is {values[0]}"
        elif not values and reader.waits_for:
            stack.waits_for.append((group, "parameters"))
        elif not values and not default:
            yield group, f"{name} is not set"


def _parameter(family: str, *, of_cluster: bool) -> tuple[str, bool]:
    """Return the parameter of *family* and whether it is on where nothing is said; "" where it has none."""
    found = _FAMILY.fullmatch(family.lower())
    engine = _ENGINES.get(found["engine"]) if found else None
    if not found or not engine or not _reaches(found["version"], engine.get("has_from", "0")):
        return "", False
    elsewhere = found["engine"].startswith("aurora") and not of_cluster
    return engine["parameter"], elsewhere or _reaches(found["version"], engine.get("on_from"))


def _reaches(version: str, first: str | None) -> bool:
    return first is not None and _numbers(version) >= _numbers(first)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
