"""ids.lock.yaml: account ids and address blocks, recorded once so that they never move."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from ipaddress import IPv4Network
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import Field, StringConstraints, TypeAdapter
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from zone.names import UNASSIGNED
from zone.plan.adopted import Adopted, put_adopted
from zone.plan.environment_ids import EnvironmentIds
from zone.plan.fixed import Fixed
from zone.plan.lock_text import put, replace
from zone.specs.document import Document, parse
from zone.specs.explain import validate
from zone.specs.problems import Problem, SpecErrors
from zone.specs.source import Source
from zone.specs.spec import Spec
from zone.specs.values import AccountId, InstanceArn, Region, SignInName, Text, UserId, words

HUB: Final = "/hub"
"""Behind the key of a platform account: its hub's block, among blocks by account key."""

LOCK_NAME: Final = "ids.lock.yaml"
"""Name of the lock file in the accounts folder."""

_NEW: Final = """\
# Written by mlz, committed by you: account ids are recorded when the org stack made the accounts, address blocks when
# they are first planned. An entry is never removed: an account that is given up is marked `retired: <date>`
# (./mlz retire) and keeps its block; once AWS has closed it for good, take its id out.
# Under `fixed` stands what AWS never changes once it is made: a change of it is refused, see docs/changing.md.
organization: {}
accounts: {}
"""


class OrganizationIds(Spec):
    """What AWS invented for the organisation."""

    id: Annotated[
        str, StringConstraints(pattern=r"^(o-[a-z0-9]{10,32})?$"), words("o- and 10 to 32 letters and digits")
    ] = ""
    """Id of the organisation (o-…); empty until the org stack has run once."""

    adopted: Adopted | None = None
    """What was there before us; none where the org stack made the organisation."""


class IdentityCenterIds(Spec):
    """What AWS invented for Identity Center; `./mlz people --write` records it."""

    instance: InstanceArn
    """ARN of the organisation's instance."""

    region: Region
    """Its primary region."""

    users: dict[SignInName, UserId] = Field(default_factory=dict)
    """Ids of the members in its directory, by user name."""

    groups: dict[Text, UserId] = Field(default_factory=dict)
    """Ids of the groups in its directory, by name."""


class LockedAccount(Spec):
    """What is recorded of one account."""

    id: AccountId | None = None
    """Account id; none until the org stack has made the account."""

    adopted: str | None = None
    """Path of the OU in which `./mlz adopt` found it, empty: the root; none where the org stack made the account."""

    cidr: IPv4Network | None = None
    """Block of the account's VPC; kept when the account is retired."""

    hub: IPv4Network | None = None
    """Block of the hub in a platform account; kept like `cidr`."""
    regions: dict[Region, IPv4Network] = Field(default_factory=dict)
    """Block of the account's VPC in each further region; kept likewise."""

    retired: date | None = None
    """Day the account was given up (`./mlz retire`); the organisation suspends it as long as its id stands here."""


class LockFile(Spec):
    """What AWS invented and what must never move; mlz writes it, you commit it."""

    organization: OrganizationIds = OrganizationIds()
    """The organisation."""

    identity_center: IdentityCenterIds | None = None
    """Identity Center; none until it is on and `./mlz people --write` has found it."""

    accounts: dict[str, LockedAccount] = Field(default_factory=dict)
    """By account key <environment>-<file stem>."""

    fixed: Fixed = Fixed()
    """What AWS never changes once it is made, as last planned."""

    environments: dict[str, EnvironmentIds] = Field(default_factory=dict)
    """By folder (dev, prod …): what its teams need of its platform; written when the platform's stack is up."""

    @property
    def blocks(self) -> dict[str, IPv4Network]:
        """Return all blocks once given, those of retired accounts included, by block_key() or account key and HUB."""
        networks = {key: entry.cidr for key, entry in self.accounts.items() if entry.cidr}
        networks |= {key + HUB: entry.hub for key, entry in self.accounts.items() if entry.hub}
        for key, entry in self.accounts.items():
            networks |= {block_key(key, region): block for region, block in entry.regions.items()}
        return networks

    def of(self, environment: str) -> EnvironmentIds:
        """Return what is recorded of *environment*; nothing until its platform is made."""
        return self.environments.get(environment, EnvironmentIds())


_LOCK: Final[TypeAdapter[LockFile]] = TypeAdapter(LockFile)


@dataclass(frozen=True)
class Lock:
    """The recorded ids, and where they stand."""

    ids: LockFile = field(default_factory=LockFile)
    """What is recorded."""

    source: Source = field(default_factory=lambda: Source(Document(LOCK_NAME, "", {})))
    """The file."""


def read(path: Path) -> Lock:
    """Read the lock file; one that does not exist is empty.

    Raises:
        SpecErrors: all problems of the file at once.
    """
    lock, problems = gather(path)
    if problems:
        raise SpecErrors(problems)
    return lock


def gather(path: Path) -> tuple[Lock, list[Problem]]:
    """Read the lock file; an empty lock and its problems if it has some."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return Lock(), []
    except OSError as error:
        return Lock(), [Problem(path.name, 1, "", f"cannot be read: {error.strerror}")]
    document, problems = parse(path.name, raw)
    if problems:
        return Lock(), problems
    source = Source(document)
    ids = validate(_LOCK, source, problems)
    return (Lock(ids, source) if ids else Lock()), problems


def block_key(account: str, region: str = "") -> str:
    """Return what an account's block is called among all blocks; *region*: a further one, empty: its home."""
    return f"{account}/{region}" if region else account


def write(
    path: Path,
    *,
    organization_id: str = "",
    ids: Mapping[str, str] | None = None,
    blocks: Mapping[str, IPv4Network] | None = None,
    identity_center: IdentityCenterIds | None = None,
    adopted: Adopted | None = None,
    homes: Mapping[str, str] | None = None,
    retired: Mapping[str, date] | None = None,
    fixed: Fixed | None = None,
    environments: Mapping[str, Mapping[str, Any]] | None = None,
) -> bool:
    """Add what is new to the lock file and keep the rest, comments included; return whether anything was new.

    Args:
        path: the file.
        organization_id: o-…; empty: as it was.
        ids: account ids by account key.
        blocks: address blocks by account key, as LockFile.blocks has them.
        identity_center: what `./mlz people` found.
        adopted: what the organisation had before us.
        homes: OU paths in which accounts were found, by account key.
        retired: day on which accounts were given up, by account key.
        fixed: what AWS never changes once it is made.
        environments: what platforms' stacks say their teams need, by environment; what one no longer says is dropped.

    The file is replaced in one step: a killed run leaves the old one or the new one, never half of one.

    Raises:
        SpecErrors: it cannot be written.
    """
    # Round trip, so that people's comments survive.
    yaml = YAML()
    yaml.width = 4096
    yaml.preserve_quotes = True
    data = yaml.load(path.read_text(encoding="utf-8") if path.exists() else _NEW)
    for part in ("organization", "accounts"):
        data.setdefault(part, CommentedMap())
    before = _text(yaml, data)
    if organization_id:
        data["organization"]["id"] = organization_id
    if identity_center:
        _put_identity_center(data, identity_center)
    if adopted:
        put_adopted(data["organization"], adopted)
    made = {key: account_id for key, account_id in (ids or {}).items() if account_id != UNASSIGNED}
    for name, values in {
        "id": {key: DoubleQuotedScalarString(account_id) for key, account_id in made.items()},
        "adopted": homes or {},
        "cidr": {key: str(block) for key, block in (blocks or {}).items() if "/" not in key},
        "hub": {key.removesuffix(HUB): str(block) for key, block in (blocks or {}).items() if key.endswith(HUB)},
        # One object twice would be written as an alias.
        "retired": {key: day.replace() for key, day in (retired or {}).items()},
    }.items():
        for key, value in values.items():
            _entry(data["accounts"], key)[name] = value
    _put_regions(data["accounts"], blocks or {})
    if fixed:
        put(data, ("fixed",), fixed.model_dump(mode="json", exclude_defaults=True))
    _put_environments(data, environments or {})
    after = _text(yaml, data)
    if after == before and path.exists():
        return False
    replace(path.resolve(), after)
    return True


def _put_regions(accounts: CommentedMap, blocks: Mapping[str, IPv4Network]) -> None:
    """Write the blocks of further regions."""
    for key, block in blocks.items():
        account, _, region = key.partition("/")
        if region and not key.endswith(HUB):
            entry = _entry(accounts, account)
            put(entry, ("accounts", account, "regions"), {**entry.get("regions", {}), region: str(block)})


def _put_identity_center(data: CommentedMap, found: IdentityCenterIds) -> None:
    """Write Identity Center's ids before the accounts; who is no longer in its directory is dropped."""
    if "identity_center" not in data:
        data.insert(list(data).index("accounts"), "identity_center", CommentedMap())
    data["identity_center"].update(instance=found.instance, region=found.region)
    users = CommentedMap((email, DoubleQuotedScalarString(found.users[email])) for email in sorted(found.users))
    data["identity_center"]["users"] = users
    groups = CommentedMap((name, DoubleQuotedScalarString(found.groups[name])) for name in sorted(found.groups))
    if groups or "groups" in data["identity_center"]:
        data["identity_center"]["groups"] = groups


def _put_environments(data: CommentedMap, environments: Mapping[str, Mapping[str, Any]]) -> None:
    """Write what platforms' stacks say; an environment of which nothing was known or is known has no entry."""
    for name, shared in environments.items():
        known = EnvironmentIds.model_validate(shared).model_dump(mode="json", exclude_defaults=True)
        if known or name in data.get("environments", {}):
            data.setdefault("environments", CommentedMap())
            put(data["environments"], ("environments", name), known)


def _entry(accounts: CommentedMap, key: str) -> CommentedMap:
    """Return the entry of *key*; a new one is written on one line, in its place by name."""
    if key not in accounts:
        entry = CommentedMap()
        entry.fa.set_flow_style()
        accounts.insert(sum(other < key for other in accounts), key, entry)
    found: CommentedMap = accounts[key]
    return found


def _text(yaml: YAML, data: CommentedMap) -> str:
    """Write the file's text."""
    text = StringIO()
    yaml.dump(data, text)
    return text.getvalue()
