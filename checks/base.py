"""What a change means: the plan as it was at a commit of git, and which stacks differ from it."""

import re
import subprocess
import tarfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from zone.plan.affected import Affected, affected
from zone.plan.code import PROJECT, SOURCES
from zone.plan.describe import dependencies
from zone.plan.planner import read
from zone.plan.zone import ZonePlan
from zone.specs.problems import SpecErrors

_SHOWN: Final = 3


class BaseError(Exception):
    """A commit that nothing can be compared with; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What a change touches."""

    base: str
    """The commit it is compared with."""

    everywhere: tuple[str, ...]
    """Why every stack is affected, if it is: mlz's own code differs, or there is no plan to compare with."""

    stacks: tuple[Affected, ...]
    """Stacks in the order of deployment, those that are gone last."""


def since(ref: str, zone: ZonePlan, accounts: Path, lock: Path, *, project: Path = PROJECT) -> Difference:
    """Compare *zone* with the plan at the commit where *ref* and HEAD parted.

    Args:
        ref: a branch, tag or commit, e.g. origin/main.
        zone: the plan of the files as they are now, committed or not.
        accounts: their folder, in a repository of git.
        lock: their lock file.
        project: where mlz's own code lies.

    Raises:
        BaseError: git knows no such commit, or has not fetched it.
    """
    base = _commit(accounts, ref)
    changed = _changed(project, base) if _top(project) == _top(accounts) else []
    code = [file for file in changed if not _settings_of(file)]
    everywhere = []
    if code:
        more = f" and {len(code) - _SHOWN} more files" if len(code) > _SHOWN else ""
        everywhere.append(f"mlz's own code: {', '.join(code[:_SHOWN])}{more}")
    try:
        found = {each.stack: each for each in affected(_plan_at(base, accounts, lock), zone)}
    except SpecErrors as problem:
        found = {}
        everywhere.append(f"no plan at {base[:12]} to compare with: {problem.problems[0]}")
    stacks = []
    for stack in dependencies(zone):
        why = [*(found[stack].why if stack in found else ())]
        why += [file for file in changed if _settings_of(file) == stack.partition("-")[0]]
        if why or everywhere:
            stacks.append(Affected(stack=stack, why=tuple(why)))
    gone = [each for each in found.values() if each.gone]
    return Difference(base=base, everywhere=tuple(everywhere), stacks=(*stacks, *gone))


def _settings_of(file: str) -> str:
    """Return the environment whose settings *file* holds, or nothing."""
    found = re.fullmatch(r"Pulumi\.([a-z0-9]+)\.yaml", file)
    return found[1] if found else ""


def _changed(project: Path, base: str) -> list[str]:
    """Return the files that build stacks and differ from *base*, those that git does not know yet among them."""
    known = _git(project, "diff", "--name-only", "--relative", base, "--", *SOURCES, "Pulumi.*.yaml")
    new = _git(project, "ls-files", "--others", "--exclude-standard", "--", *SOURCES, "Pulumi.*.yaml")
    return sorted({*known.splitlines(), *new.splitlines()})


def _commit(folder: Path, ref: str) -> str:
    """Return the commit where *ref* and HEAD parted."""
    try:
        top = _top(folder)
    except OSError as error:
        raise BaseError(f"--base {ref}: git cannot be run ({error.strerror or error}): install it") from None
    if not top:
        raise BaseError(f"--base {ref}: {folder} lies in no repository of git, so there is nothing to compare with")
    if _run(folder, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}").returncode:
        raise BaseError(
            f"--base {ref}: git knows no such commit; name a branch, a tag or a commit, or fetch it: git fetch origin"
        )
    parted = _run(folder, "merge-base", ref, "HEAD")
    if parted.returncode:
        raise BaseError(
            f"--base {ref}: git knows no commit that {ref} and HEAD have in common; where not all was cloned: "
            "git fetch --unshallow"
        )
    return parted.stdout.decode().strip()


def _plan_at(commit: str, accounts: Path, lock: Path) -> ZonePlan:
    """Read the plan of *commit*, aside.

    Raises:
        SpecErrors: this mlz cannot read its files, or there are none.
    """
    top = Path(_top(accounts))
    wanted = [path.resolve() for path in (accounts, lock)]
    inside = [path.relative_to(top).as_posix() for path in wanted if path.is_relative_to(top)]
    there = [path for path in inside if _run(top, "cat-file", "-e", f"{commit}:{path}").returncode == 0]
    with TemporaryDirectory(prefix="mlz-base-") as aside:
        if there:
            packed = _run(top, "archive", "--format=tar", commit, "--", *there).stdout
            with tarfile.open(fileobj=BytesIO(packed)) as archive:
                archive.extractall(aside, filter="data")
        old = [Path(aside) / path.relative_to(top) if path.is_relative_to(top) else path for path in wanted]
        return read(*old)


def _top(folder: Path) -> str:
    """Return the root of the repository that holds *folder*; nothing: it is in none."""
    asked = _run(folder, "rev-parse", "--show-toplevel")
    return asked.stdout.decode().strip() if asked.returncode == 0 else ""


def _git(folder: Path, *arguments: str) -> str:
    """Return what git answers to a question that it can answer."""
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=True, text=True).stdout


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Ask git; a refusal is an answer."""
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=False)
