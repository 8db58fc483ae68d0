"""A new team: one YAML file an environment, written only if the whole landing zone is still right with it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from ipaddress import IPv4Network
from pathlib import Path

from ruamel.yaml import YAML

from zone.plan.lock import read as read_lock
from zone.plan.lock import write
from zone.plan.planner import read
from zone.plan.unrecorded import unrecorded
from zone.specs.load import STEM, STEM_ALLOWED
from zone.specs.problems import Problem, SpecErrors, meant

HEAD = "# yaml-language-server: $schema=../schema.json\n"
ACCOUNT = "{account}"
"""What is filled in in a root e-mail."""


class OnboardingError(Exception):
    """What was asked for makes no team; the text says why, a line each, and nothing was written."""


@dataclass(frozen=True, kw_only=True)
class NewTeam:
    """What must be said of a team that its profile cannot know."""

    name: str
    """Key of the team; becomes the file's stem."""

    profile: str
    """File under profiles/ that gives the rest."""

    owner: str
    """E-mail of who answers for it."""

    root_email: str
    """Root e-mail; `{account}` becomes <environment>-<team>, for no two accounts may share one."""

    cost_centre: str | None
    """Who pays; None: what the profile says."""

    members: Sequence[tuple[str, str]]
    """E-mail and persona of each."""


def onboard(team: NewTeam, environments: Sequence[str], folder: Path, lock: Path) -> dict[Path, IPv4Network]:
    """Write the team's file in each environment and record its addresses; return file → network block.

    Raises:
        OnboardingError: the name, the members or the root e-mail make no team.
        SpecErrors: something is wrong with the result; then nothing is left behind.
    """
    if refusals := [*_refusals(team)]:
        raise OnboardingError("\n".join(refusals))
    known = sorted(path.parent.name for path in folder.glob("*/environment.yaml") if path.parent.name != "org")
    files = {folder / environment / f"{team.name}.yaml": text(team, environment) for environment in environments}
    # What an interrupted run of the same command wrote is as good as written now.
    new = {path: content for path, content in files.items() if not path.exists()}
    problems = [
        Problem(environment, 1, "", f"no such environment{meant(environment, known)}; there are {', '.join(known)}")
        for environment in environments
        if environment not in known
    ]
    problems += [
        Problem(path.relative_to(folder).as_posix(), 1, "", "the file exists already: edit it, or choose another name")
        for path, content in files.items()
        if path not in new and path.read_text(encoding="utf-8") != content
    ]
    if problems:
        raise SpecErrors(problems)
    try:
        for path, content in new.items():
            path.write_text(content, encoding="utf-8")
        zone = read(folder, lock)
        write(lock, blocks=unrecorded(read_lock(lock), zone), fixed=zone.fixed)
    except BaseException as error:  # Ctrl-C too leaves nothing half-written behind
        for path in new:
            if path.exists():
                path.unlink()
        if isinstance(error, OSError):
            raise OnboardingError(f"{error.filename} cannot be written: {error.strerror}") from error
        raise
    return {path: zone.teams[f"{path.parent.name}-{team.name}"].network.cidr for path in files}


def _refusals(team: NewTeam) -> Iterator[str]:
    """Say what would name a file elsewhere, lose a member, or be taken literally."""
    if not STEM.fullmatch(team.name):
        yield f"{team.name!r} is no name of a team: use {STEM_ALLOWED}"
    first: dict[str, str] = {}
    for email, _ in team.members:
        key = member_key(email)
        other = first.setdefault(key, email)
        if email.lower() == other.lower() and email is not other:
            yield f"{email} is a member twice: give each person one persona"
        elif email.lower() != other.lower():
            yield (
                f"{other} and {email} would both be the member {key!r}: name one of them here, and add the other to "
                "the file afterwards, under a key of its own"
            )
    if left := re.findall(r"[{}][^{}]*}?", team.root_email.replace(ACCOUNT, "")):
        yield f"root e-mail {team.root_email!r}: nothing is filled in for {left[0]}; only {ACCOUNT} is"


def member_key(email: str) -> str:
    """Return the key of a member, which becomes the Studio profile's name: from the e-mail's local part."""
    return re.sub(r"[^a-z0-9]+", "-", re.split("[@+]", email, maxsplit=1)[0].lower()).strip("-")


def text(team: NewTeam, environment: str) -> str:
    """Write the team's file for *environment*: intent only, the profile gives the rest."""
    spec: dict[str, object] = {"kind": "team", "profile": team.profile, "owner": team.owner}
    if team.cost_centre:
        spec["cost_centre"] = team.cost_centre
    spec["email"] = team.root_email.replace(ACCOUNT, f"{environment}-{team.name}")
    spec["members"] = {member_key(email): {"email": email, "persona": persona} for email, persona in team.members}
    yaml = YAML()
    out = StringIO()
    yaml.dump(spec, out)
    return HEAD + out.getvalue()
