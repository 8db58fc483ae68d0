"""What an organisation had before us, as `./mlz adopt` records it in ids.lock.yaml."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, StringConstraints
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from zone.specs.spec import Spec
from zone.specs.values import AccountId, words

RootId = Annotated[
    str, StringConstraints(pattern=r"^r-[0-9a-z]{4,32}$"), words("r- and 4 to 32 small letters and digits")
]
UnitId = Annotated[
    str,
    StringConstraints(pattern=r"^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$"),
    words("ou-, the root's letters, - and 8 to 32 small letters and digits"),
]
"""Ids of a root and of an organisational unit (botocore 1.44.8, organizations, RootId and OrganizationalUnitId)."""


class Stranger(Spec):
    """An account of the organisation that has no file here."""

    name: str
    """Its name."""

    unit: str
    """Path of its OU; empty: the root."""


class Adopted(Spec):
    """What was there before us, and stays as it is."""

    root: RootId
    """Id of the root."""

    policy_types: tuple[str, ...] = ()
    """Policy types that were enabled; ours are added, none is taken away."""

    attributes: bool = False
    """Whether Identity Center's attributes for access control were set."""

    units: dict[str, UnitId] = Field(default_factory=dict)
    """Ids of organisational units by path: used, and never changed."""

    others: dict[AccountId, Stranger] = Field(default_factory=dict)
    """Accounts that are not ours: no guardrail of ours may reach them unasked."""


def named(others: Mapping[str, Stranger]) -> str:
    """Return accounts of others, for people."""
    return ", ".join(f"{other.name} ({key})" for key, other in sorted(others.items()))


def put_adopted(organization: CommentedMap, found: Adopted) -> None:
    """Write what was found under the organisation's entry of the lock file."""
    organization.fa.set_block_style()
    others = CommentedMap()
    for account_id, other in sorted(found.others.items()):
        entry = CommentedMap(name=other.name, unit=other.unit)
        entry.fa.set_flow_style()
        others[DoubleQuotedScalarString(account_id)] = entry
    organization["adopted"] = CommentedMap(
        root=found.root,
        policy_types=list(found.policy_types),
        attributes=found.attributes,
        units=dict(sorted(found.units.items())),
        others=others,
    )
