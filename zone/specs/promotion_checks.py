"""What must hold for a model to go from one environment to another."""

from collections.abc import Iterator

from zone.specs.account import TeamAccount
from zone.specs.problems import Problem, few, meant
from zone.specs.tree import Specs


def promotion_problems(key: str, spec: TeamAccount, specs: Specs) -> Iterator[Problem]:
    """Yield a problem for each environment that cannot take a model of account *key*.

    Args:
        key: the account that offers its models.
        spec: what its file says.
        specs: all files.
    """
    here, team, source = specs.folder(key), specs.stem(key), specs.sources[key]
    said = specs.organization.promotion or tuple(sorted(specs.environments))
    later = said[said.index(here) + 1 :] if here in said else ()
    for model, declared in spec.models.items():
        for place, target in enumerate(declared.promote_to):
            path, file = ("models", model, "promote_to", place), f"{target}/{team}.yaml"
            taker = specs.accounts.get(f"{target}-{team}")
            if target not in later:
                text = (
                    f"no environment after {here}, got {target}{meant(target, later)}; allowed: {few(later)} "
                    f"(promotion in org/environment.yaml: {', '.join(said)})"
                )
                yield source.problem(path, text)
            elif f"{target}-{team}" not in specs.sources or (taker and not isinstance(taker, TeamAccount)):
                text = f"{target} has no team {team}, got {target}; allowed: add {file}, or leave {target} out"
                yield source.problem(path, text)
            elif isinstance(taker, TeamAccount):
                regions = tuple(
                    specs.environments[each].region for each in (here, target) if each in specs.environments
                )
                yield from (source.problem(path, text) for text in _untakable(model, taker, file, target, regions))


def _untakable(model: str, taker: TeamAccount, file: str, target: str, regions: tuple[str, ...]) -> Iterator[str]:
    """Say why the team in *target* could not deploy *model*.

    SageMaker takes artifact and image of its own region only. Source: botocore 1.44, SageMaker, ContainerDefinition,
    Image and ModelDataUrl ("must be in the same region as the model or endpoint you are creating"), read 2026-11-30.
    """
    if model not in taker.models:
        yield f"{file} has no such model, got {model}{meant(model, taker.models)}; allowed: add {model} to its models"
    elif len({*regions}) > 1:
        yield (
            f"{target} is in {regions[1]}, its owner in {regions[0]}, got {target}; allowed: an environment of the "
            "same region, for SageMaker takes artifacts and images of its own region only"
        )
    elif not (
        taker.instance_types.endpoint
        or taker.instance_types.transform
        or any(batch.spark and batch.model == model for batch in taker.batches.values())
    ):
        yield (
            f"{file} has neither endpoints nor transform jobs that could use {model}, got {target}; "
            "allowed: declare instance_types.endpoint or instance_types.transform there"
        )
