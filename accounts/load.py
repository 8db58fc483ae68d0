"""YAML → specs: a profile lies under its account, and all problems are reported at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from accounts.document import Document, parse
from accounts.explain import validate
from accounts.problems import Problem, SpecErrors, meant
from accounts.source import Source
from accounts.spec import AnySpec, CoreAccount, Environment, Organization, PlatformAccount, TeamAccount

ORG: Final = "org"
"""Folder of the organisation itself; all other folders are environments."""

PROFILES: Final = "profiles"
"""Folder of the profiles."""

_ENVIRONMENT: Final = "environment"
_SPEC: Final[TypeAdapter[AnySpec]] = TypeAdapter(AnySpec)
_ENVIRONMENT_NAME: Final = re.compile(r"[a-z][a-z0-9]{1,20}")
_STEM: Final = re.compile(r"(?=.{2,21}$)[a-z][a-z0-9]*(-[a-z0-9]+)*")
_STAND_IN: Final = Organization.model_construct(allowed_regions=(), on_premises=(), management_account_id="")


@dataclass(frozen=True, kw_only=True)
class Specs:
    """All files under accounts/, typed."""

    organization: Organization
    """org/environment.yaml."""

    environments: Mapping[str, Environment]
    """By folder: dev, prod …"""

    accounts: Mapping[str, TeamAccount | PlatformAccount | CoreAccount]
    """By account key <folder>-<file stem>, sorted."""

    sources: Mapping[str, Source]
    """By account key, or by folder for its environment.yaml; also files that are wrong."""

    def folder(self, key: str) -> str:
        """Return the folder of the account *key*: its environment."""
        return self.sources[key].own.file.split("/")[0]

    def stem(self, key: str) -> str:
        """Return the file stem of the account *key*: the team."""
        return key.removeprefix(f"{self.folder(key)}-")


def load(folder: Path) -> Specs:
    """Read and check every file under *folder*.

    Raises:
        SpecErrors: all problems of all files at once.
    """
    specs, problems = gather(folder)
    if problems:
        raise SpecErrors(problems)
    return specs


def gather(folder: Path) -> tuple[Specs, list[Problem]]:
    """Read every file under *folder*; specs of files with problems are left out."""
    documents, problems = _documents(folder)
    profiles = {file: document for file, document in documents.items() if file.startswith(f"{PROFILES}/")}
    organization = _STAND_IN
    environments: dict[str, Environment] = {}
    accounts: dict[str, TeamAccount | PlatformAccount | CoreAccount] = {}
    sources: dict[str, Source] = {}
    for file, document in documents.items():
        if file in profiles:
            continue
        place, stem = file.removesuffix(".yaml").split("/")
        key = place if stem == _ENVIRONMENT else f"{place}-{stem}"
        source, wrong = _source(document, profiles)
        sources[key] = source
        problems += wrong
        if not document.values or wrong:
            continue  # said already
        spec = validate(_SPEC, source, wrong)
        wrong += [] if spec is None else _misplaced(spec, place, stem, source)
        problems += wrong
        if wrong:
            continue
        if isinstance(spec, Organization):
            organization = spec
        elif isinstance(spec, Environment):
            environments[place] = spec
        elif spec is not None:
            accounts[key] = spec
    problems += _incomplete(folder, sources)
    specs = Specs(organization=organization, environments=environments, accounts=accounts, sources=sources)
    return specs, problems


def _documents(folder: Path) -> tuple[dict[str, Document], list[Problem]]:
    """Parse all YAML files one level below *folder*, in a fixed order."""
    documents: dict[str, Document] = {}
    problems: list[Problem] = []
    for path in sorted([*folder.glob("*/*.yaml"), *folder.glob("*/*.yml")]):
        file = path.relative_to(folder).as_posix()
        wrong = _misnamed(path, file)
        if not wrong:
            try:
                raw = path.read_bytes()
            except OSError as error:
                wrong = [Problem(file, 1, "", f"cannot be read: {error.strerror}")]
            else:
                documents[file], wrong = parse(file, raw)
        problems += wrong
    return documents, problems


def _misnamed(path: Path, file: str) -> list[Problem]:
    """The folder and the file's stem become names in AWS."""
    if path.suffix == ".yml":
        return [Problem(file, 1, "", f"rename the file to {path.stem}.yaml: only .yaml is read")]
    if not _ENVIRONMENT_NAME.fullmatch(path.parent.name):
        return [
            Problem(file, 1, "", f"the folder {path.parent.name!r} is no environment: 2 to 21 small letters and digits")
        ]
    if not _STEM.fullmatch(path.stem):
        allowed = "2 to 21 small letters and digits, single hyphens between, a letter first"
        return [
            Problem(file, 1, "", f"the file's name becomes the account's: {path.stem!r} is not allowed, use {allowed}")
        ]
    return []


def _source(document: Document, profiles: Mapping[str, Document]) -> tuple[Source, list[Problem]]:
    """Lay the document over the profile it names."""
    name = document.values.get("profile")
    if not isinstance(name, str):
        return Source(document), []
    profile = profiles.get(f"{PROFILES}/{name}.yaml")
    if profile is None:
        known = [file.removeprefix(f"{PROFILES}/").removesuffix(".yaml") for file in profiles]
        allowed = ", ".join(known) or "none: there is no file under profiles/"
        text = f"no such profile, got {name!r}{meant(name, known)}; allowed: {allowed}"
        return Source(document), [Source(document).problem(("profile",), text)]
    if not profile.values:
        return Source(document), [
            Source(document).problem(("profile",), f"the profile {name!r} has problems of its own")
        ]
    forbidden = [key for key in ("kind", "profile") if key in profile.values]
    source = Source(document, profile)
    return source, [Source(profile).problem((key,), "belongs into the account's own file") for key in forbidden]


def _misplaced(spec: AnySpec, place: str, stem: str, source: Source) -> list[Problem]:
    """Each kind of file has one place."""
    if place == ORG:
        allowed = ["organization"] if stem == _ENVIRONMENT else ["logs", "security"]
    else:
        allowed = ["environment"] if stem == _ENVIRONMENT else ["team", "platform"]
    if spec.kind in allowed:
        return []
    return [source.problem(("kind",), f"not in this file, got {spec.kind}; allowed here: {', '.join(allowed)}")]


def _incomplete(folder: Path, sources: Mapping[str, Source]) -> list[Problem]:
    """An empty folder is a mistake, never an order to remove every account."""
    if not sources:
        what = "no <environment>/*.yaml in this folder" if folder.is_dir() else "no such folder"
        return [Problem(str(folder), 1, "", f"{what}: choose another one with MLZ_ACCOUNTS, or restore the files")]
    folders = {source.own.file.split("/")[0] for source in sources.values()} | {ORG}
    return [
        Problem(f"{place}/environment.yaml", 1, "", "the file is missing: every folder needs one")
        for place in sorted(folders - set(sources))
    ]
