"""Further regions: an environment has them, a team is in some of them, each beside its own region."""

from collections.abc import Iterator

from zone.specs.account import TeamAccount
from zone.specs.problems import Problem, few, meant
from zone.specs.tree import Specs


def region_problems(specs: Specs) -> Iterator[Problem]:
    """Yield what is wrong with further regions; that they exist and are allowed is said of all regions together."""
    for name, environment in specs.environments.items():
        if environment.region in environment.regions:
            text = f"the environment's own region, got {environment.region}; allowed: regions besides it"
            yield specs.sources[name].problem(("regions", environment.region), text)
    for key, spec in specs.accounts.items():
        if isinstance(spec, TeamAccount) and specs.folder(key) in specs.environments:
            yield from _team(key, spec, specs)


def _team(key: str, spec: TeamAccount, specs: Specs) -> Iterator[Problem]:
    """A team is in regions of its environment, with networks of ours."""
    folder = specs.folder(key)
    environment, source = specs.environments[folder], specs.sources[key]
    for place, region in enumerate(spec.regions):
        if region == environment.region:
            text = f"the team is there anyway, got {region}; allowed: regions besides it, or leave it out"
            yield source.problem(("regions", place), text)
        elif region not in environment.regions:
            known = environment.regions
            text = f"no region of {folder}/environment.yaml, got {region}{meant(region, known)}; allowed: {few(known)}"
            yield source.problem(("regions", place), text)
    if spec.regions and spec.network.vpc:
        text = (
            f"{', '.join(spec.regions)} would get networks of ours beside {spec.network.vpc}, which the network team "
            "made; allowed: leave regions out, or leave network.vpc out"
        )
        yield source.problem(("regions",), text)
