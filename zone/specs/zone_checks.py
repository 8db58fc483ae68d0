"""What must hold across files: one platform an environment, shares with two sides, nothing twice."""

from collections.abc import Iterator

from zone import names
from zone.names import PREVIEW
from zone.specs.account import TeamAccount
from zone.specs.environment import IdentityCenterSignIn
from zone.specs.hub_checks import hub_problems
from zone.specs.image_checks import image_problems
from zone.specs.integration import GitHub
from zone.specs.lengths import refused_names
from zone.specs.model_monitor_checks import model_monitor_problems
from zone.specs.offers import shared
from zone.specs.place_checks import place_problems
from zone.specs.problems import Problem, few, meant
from zone.specs.promotion_checks import promotion_problems
from zone.specs.region_checks import region_problems
from zone.specs.serving_checks import serving_problems
from zone.specs.team_checks import team_problems
from zone.specs.tree import ORG, Specs


def zone_problems(specs: Specs) -> Iterator[Problem]:
    """Yield all problems within and between the specs."""
    yield from place_problems(specs)
    yield from region_problems(specs)
    yield from _suspended(specs)
    yield from _promotion(specs)
    yield from _sign_in(specs)
    yield from _integration(specs)
    yield from hub_problems(specs)
    yield from _kinds(specs)
    yield from _emails(specs)
    yield from image_problems(specs)
    teams = _teams(specs)
    for key, spec in specs.accounts.items():
        yield from refused_names(key, specs)
        if isinstance(spec, TeamAccount):
            yield from team_problems(spec, specs.sources[key])
            yield from _shares_out(key, spec, specs, teams[specs.folder(key)])
            yield from _subnets(key, spec, specs)
            yield from _reads(key, spec, specs, teams[specs.folder(key)])
            yield from _groups(key, spec, specs)
            yield from promotion_problems(key, spec, specs)
            yield from serving_problems(key, spec, specs)
            yield from model_monitor_problems(key, spec, specs)


def _suspended(specs: Specs) -> Iterator[Problem]:
    """Nobody works where retired accounts are."""
    for name, place in {**specs.environments, ORG: specs.organization}.items():
        if getattr(place, "organizational_unit", "").split("/")[0] == names.SUSPENDED:
            text = f"retired accounts are there, and nobody may work; allowed: any other than {names.SUSPENDED}"
            yield specs.sources[name].problem(("organizational_unit",), text)


def _promotion(specs: Specs) -> Iterator[Problem]:
    """An order of deployment that is declared names every environment: none is forgotten, none deployed unasked."""
    said, there = specs.organization.promotion, sorted(specs.environments)
    if said and sorted(said) != there:
        text = f"got {', '.join(said)}; allowed: every environment once, in the order of deployment: {', '.join(there)}"
        yield specs.sources[ORG].problem(("promotion",), text)


def _sign_in(specs: Specs) -> Iterator[Problem]:
    """In every environment people have one way into Studio.

    AWS opens an SSO domain in the portal only, an IAM domain by CreatePresignedDomainUrl only. Source: SageMaker API
    Reference, CreatePresignedDomainUrl, read 2026-11-29.
    """
    for name, spec in specs.environments.items():
        if spec.studio_auth == "IAM" and spec.sign_in is None:
            text = (
                "nobody could open Studio: with studio_auth: IAM people need a right in the account; allowed: sign_in: "
                "{by: identity_center}, or {by: federation, trusted: [saml-provider/NAME]}, or studio_auth: SSO"
            )
            yield specs.sources[name].problem(("sign_in",), text)
        elif spec.studio_auth == "SSO" and spec.sign_in:
            text = (
                f"without effect, got by: {spec.sign_in.by}; people open an SSO domain in Identity Center's portal; "
                "allowed: leave sign_in out, or studio_auth: IAM"
            )
            yield specs.sources[name].problem(("sign_in",), text)


def _integration(specs: Specs) -> Iterator[Problem]:
    """What the CI's tokens say tells its jobs apart."""
    spec = specs.organization.continuous_integration
    if isinstance(spec, GitHub) and bool(spec.owner_id) != bool(spec.repository_id):
        key = "owner_id" if spec.owner_id else "repository_id"
        text = (
            "GitHub's tokens name both ids or none; allowed: owner_id and repository_id, which `gh api repos/"
            f"{spec.owner}/{spec.repository} --jq '.owner.id, .id'` prints, or neither"
        )
        yield specs.sources[ORG].problem(("continuous_integration", key), text)
    if spec and PREVIEW in specs.environments:
        text = f"jobs of pull requests' previews run in the CI's environment {PREVIEW}: rename the folder"
        yield specs.sources[PREVIEW].problem((), text)


def _groups(key: str, spec: TeamAccount, specs: Specs) -> Iterator[Problem]:
    """Groups open what Identity Center's portal opens, and only a member has a profile."""
    environment = specs.environments.get(specs.folder(key))
    for group, persona in spec.groups.items():
        if environment and not isinstance(environment.sign_in, IdentityCenterSignIn):
            text = (
                "without effect: the environment does not say sign_in: {by: identity_center}; allowed: none. "
                "An SSO domain is an application, to which groups are assigned by hand"
            )
            yield specs.sources[key].problem(("groups", group), text)
        elif persona not in {member.persona for member in spec.members.values()}:
            text = f"no member is {persona}, so nobody in the group finds a profile; allowed: a persona of a member"
            yield specs.sources[key].problem(("groups", group), text)


def _kinds(specs: Specs) -> Iterator[Problem]:
    """An environment has one platform account; the organisation at most one log archive and one for security."""
    first: dict[tuple[str, str], str] = {}
    for key, spec in specs.accounts.items():
        other = first.setdefault((specs.folder(key), spec.kind), key)
        if other != key and not isinstance(spec, TeamAccount):
            file = specs.sources[other].own.file
            yield specs.sources[key].problem(("kind",), f"a second {spec.kind} account besides {file}; allowed: one")
    for name in specs.environments:
        if (name, "platform") not in first and not _unread(specs, name):
            yield specs.sources[name].problem(
                (), f"{name}/ has no platform account: add {name}/platform.yaml, kind: platform"
            )


def _unread(specs: Specs, folder: str) -> bool:
    """Whether a file of the folder has problems of its own, so that nothing may be said of what is missing."""
    return any(
        source.own.file.startswith(f"{folder}/") and key not in specs.accounts and key != folder
        for key, source in specs.sources.items()
    )


def _emails(specs: Specs) -> Iterator[Problem]:
    """AWS takes a root e-mail once."""
    first: dict[str, str] = {}
    for key, spec in specs.accounts.items():
        other = first.setdefault(spec.email.lower(), key)
        if other != key:
            file = specs.sources[other].own.file
            text = f"also the root e-mail of {file}, got {spec.email}; allowed: an address no account has"
            yield specs.sources[key].problem(("email",), text)


def _teams(specs: Specs) -> dict[str, set[str]]:
    """Return the teams of each folder, those with problems included: what names them is not wrong."""
    teams: dict[str, set[str]] = {}
    for key in specs.sources:
        spec = specs.accounts.get(key)
        named = teams.setdefault(specs.folder(key), set())
        if key != specs.folder(key) and (spec is None or isinstance(spec, TeamAccount)):
            named.add(specs.stem(key))
    return teams


def _shares_out(key: str, spec: TeamAccount, specs: Specs, teams: set[str]) -> Iterator[Problem]:
    """A share names another team of the environment."""
    for kind, name, team in shared(spec):
        block = "datasets" if kind == "dataset" else "feature_groups"
        path = (block, name, "shared_with", spec.datasets[name].shared_with.index(team) if kind == "dataset" else team)
        if team == specs.stem(key):
            yield specs.sources[key].problem(path, f"the owner itself, got {team}; allowed: other teams")
        elif team not in teams:
            others = teams - {specs.stem(key)}
            text = f"no team of {specs.folder(key)}, got {team}{meant(team, others)}; allowed: {few(others)}"
            yield specs.sources[key].problem(path, text)


def _subnets(key: str, spec: TeamAccount, specs: Specs) -> Iterator[Problem]:
    """A network that is there covers the environment's zones."""
    environment = specs.environments.get(specs.folder(key))
    if environment and spec.network.subnets and set(spec.network.subnets) != set(environment.zones):
        got, allowed = ", ".join(spec.network.subnets), ", ".join(environment.zones)
        text = (
            f"not the zones of {specs.folder(key)}/environment.yaml, got {got}; allowed: a subnet for each of {allowed}"
        )
        yield specs.sources[key].problem(("network", "subnets"), text)


def _reads(key: str, spec: TeamAccount, specs: Specs, teams: set[str]) -> Iterator[Problem]:
    """What a team reads is declared and shared by its owner."""
    folder, own = specs.folder(key), specs.stem(key)
    for place, path in enumerate(spec.reads):
        team, name = path.split("/")
        source = specs.sources[key]
        owner = specs.accounts.get(f"{folder}-{team}")
        if team == own:
            yield source.problem(
                ("reads", place), f"the team's own data set, got {path}; leave it out: owners read and write"
            )
        elif team not in teams:
            others = teams - {own}
            text = f"no team of {folder}, got {team}{meant(team, others)}; allowed: {few(others)}"
            yield source.problem(("reads", place), text)
        elif isinstance(owner, TeamAccount):
            file = specs.sources[f"{folder}-{team}"].own.file
            if name not in owner.datasets:
                known = owner.datasets
                text = f"{file} declares no such data set, got {name}{meant(name, known)}; allowed: {few(known)}"
                yield source.problem(("reads", place), text)
            elif own not in owner.datasets[name].shared_with:
                remedy = f"ask its owner to add {own} to datasets.{name}.shared_with in {file}"
                text = f"not shared with {own}, got {path}; {remedy}"
                yield source.problem(("reads", place), text)
