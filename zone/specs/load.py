"""YAML → specs: a profile lies under its account, and all problems are reported at once."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from zone.specs.document import Document, parse
from zone.specs.environment import Environment, Organization
from zone.specs.explain import validate
from zone.specs.problems import Problem, SpecErrors, meant
from zone.specs.source import Source
from zone.specs.tree import ORG, AnyAccount, AnySpec, Specs
from zone.specs.zone_checks import zone_problems

PROFILES: Final = "profiles"
"""Folder of the profiles."""

_ENVIRONMENT: Final = "environment"
_LOCKS: Final = ".lock.yaml"
"""What is recorded, and no spec: ids.lock.yaml."""
_SPEC: Final[TypeAdapter[AnySpec]] = TypeAdapter(AnySpec)
_ENVIRONMENT_NAME: Final = re.compile(r"[a-z][a-z0-9]{1,20}")
_ENVIRONMENT_ALLOWED: Final = "2 to 21 small letters and digits, a letter first"
STEM: Final = re.compile(r"(?=.{2,21}$)[a-z][a-z0-9]*(-[a-z0-9]+)*")
"""An account's file without .yaml."""

STEM_ALLOWED: Final = "2 to 21 small letters and digits, single hyphens between, a letter first"
_STAND_IN: Final = Organization.model_construct(
    allowed_regions=(), opt_in_regions=(), on_premises=(), promotion=(), management_account_id=""
)


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
    """Read and check every file under *folder*; specs of files with problems are left out."""
    documents, problems = _documents(folder)
    profiles = {file: document for file, document in documents.items() if file.startswith(f"{PROFILES}/")}
    organization = _STAND_IN
    environments: dict[str, Environment] = {}
    accounts: dict[str, AnyAccount] = {}
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
        wrong = _misplaced(place, stem, source)
        spec = None if wrong else validate(_SPEC, source, wrong)
        problems += wrong
        if isinstance(spec, Organization):
            organization = spec
        elif isinstance(spec, Environment):
            environments[place] = spec
        elif spec is not None:
            accounts[key] = spec
    specs = Specs(organization=organization, environments=environments, accounts=accounts, sources=sources)
    return specs, [*problems, *_incomplete(folder, sources), *zone_problems(specs)]


def _documents(folder: Path) -> tuple[dict[str, Document], list[Problem]]:
    """Parse all YAML files one level below *folder*, in a fixed order; one that stands elsewhere is a problem."""
    documents: dict[str, Document] = {}
    problems: list[Problem] = []
    for path in sorted(each for each in folder.rglob("*.y*ml") if each.suffix in {".yaml", ".yml"}):
        file = path.relative_to(folder).as_posix()
        if file.endswith(_LOCKS):
            continue
        wrong = _stray(folder, file) or _misnamed(path, file)
        if not wrong:
            try:
                raw = path.read_bytes()
            except OSError as error:
                wrong = [Problem(file, 1, "", f"cannot be read: {error.strerror}")]
            else:
                documents[file], wrong = parse(file, raw)
        problems += wrong
    return documents, problems


def _stray(folder: Path, file: str) -> list[Problem]:
    """A file that nobody would read: what it declares would be missing without a word."""
    *folders, name = file.split("/")
    if len(folders) == 1:
        return []
    name = name.replace(".yml", ".yaml")
    if folders and (folder / folders[0] / f"{_ENVIRONMENT}.yaml").exists():
        place = f"{folders[0]}/{name}"
    else:
        known = sorted(path.parent.name for path in folder.glob(f"*/{_ENVIRONMENT}.yaml") if path.parent.name != ORG)
        place = " or ".join(f"{environment}/{name}" for environment in known[:2]) or f"<environment>/{name}"
    text = f"not read here: an account's file stands in its environment's folder; move it to {place}, or remove it"
    return [Problem(file, 1, "", text)]


def _misnamed(path: Path, file: str) -> list[Problem]:
    """The folder and the file's stem become names in AWS."""
    if path.suffix == ".yml":
        return [Problem(file, 1, "", f"rename the file to {path.stem}.yaml: only .yaml is read")]
    if not _ENVIRONMENT_NAME.fullmatch(path.parent.name):
        return [Problem(file, 1, "", f"the folder {path.parent.name!r} is no environment: use {_ENVIRONMENT_ALLOWED}")]
    if not STEM.fullmatch(path.stem):
        text = f"the file's name becomes the account's: {path.stem!r} is not allowed, use {STEM_ALLOWED}"
        return [Problem(file, 1, "", text)]
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


def _misplaced(place: str, stem: str, source: Source) -> list[Problem]:
    """Each kind of file has one place; said alone, for what else is wrong follows from it."""
    if stem == _ENVIRONMENT:
        allowed = ["organization" if place == ORG else "environment"]
    else:
        allowed = ["logs", "security"] if place == ORG else ["team", "platform"]
    kind = source.values.get("kind")
    if kind in allowed:
        return []
    if kind is None:
        return [source.problem(("kind",), f"the required key is missing; allowed: {', '.join(allowed)}")]
    return [source.problem(("kind",), f"not allowed in this file, got {kind}; allowed: {', '.join(allowed)}")]


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
