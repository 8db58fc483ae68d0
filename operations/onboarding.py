"""A new team: one YAML file an environment, written only if the whole landing zone is still right with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from ipaddress import IPv4Network
from pathlib import Path

from ruamel.yaml import YAML

from zone.plan.lock import read as read_lock
from zone.plan.lock import unrecorded, write
from zone.plan.planner import read
from zone.specs.problems import Problem, SpecErrors, meant

HEAD = "# yaml-language-server: $schema=../schema.json\n"


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

    members: Mapping[str, tuple[str, str]]
    """Profile name → e-mail, persona."""


def onboard(team: NewTeam, environments: Sequence[str], folder: Path, lock: Path) -> dict[Path, IPv4Network]:
    """Write the team's file in each environment and record its addresses; return file → network block.

    Raises:
        SpecErrors: something is wrong with the result; then nothing is left behind.
    """
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
    except BaseException:  # Ctrl-C too leaves nothing half-written behind
        for path in new:
            path.unlink(missing_ok=True)
        raise
    return {path: zone.teams[f"{path.parent.name}-{team.name}"].network.cidr for path in files}


def text(team: NewTeam, environment: str) -> str:
    """Write the team's file for *environment*: intent only, the profile gives the rest."""
    spec: dict[str, object] = {"kind": "team", "profile": team.profile, "owner": team.owner}
    if team.cost_centre:
        spec["cost_centre"] = team.cost_centre
    spec["email"] = team.root_email.replace("{account}", f"{environment}-{team.name}")
    spec["members"] = {name: {"email": email, "persona": persona} for name, (email, persona) in team.members.items()}
    yaml = YAML()
    out = StringIO()
    yaml.dump(spec, out)
    return HEAD + out.getvalue()
