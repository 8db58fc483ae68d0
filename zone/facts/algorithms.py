"""SageMaker's built-in algorithms: which image of AWS's one is, and what it prints of itself."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from zone.facts import facts

CONTENT_TYPE: Final = "text/csv"
"""What steps of ours give them: the label first, no header."""

Direction = Literal["Maximize", "Minimize"]


@dataclass(frozen=True, kw_only=True)
class Algorithm:
    """A built-in algorithm, as AWS documents it. Source: zone/facts/algorithms.json."""

    name: str
    """As model.yaml names it."""

    repository: str
    """Of its image, in the account of AWS's that holds it."""

    accounts: Mapping[str, str]
    """Region → account; AWS has it nowhere else."""

    versions: tuple[str, ...]
    """Tags of its image, oldest first."""

    channels: tuple[str, ...]
    """What it reads; the first is needed."""

    required: tuple[str, ...]
    """Hyperparameters without which it does not start."""

    metrics: Mapping[str, Direction]
    """What tuning may be after: metric → which of its values are better."""

    patterns: Mapping[str, str]
    """Metric → regular expression by which SageMaker finds it in the log."""

    def image(self, version: str, region: str) -> str | None:
        """Return the image's address; None: AWS has none in that region."""
        account = self.accounts.get(region)
        return f"{account}.dkr.ecr.{region}.amazonaws.com/{self.repository}:{version}" if account else None


def algorithm(name: str) -> Algorithm:
    """Return the algorithm of that name.

    Raises:
        KeyError: there is none of that name in the facts.
    """
    known: Mapping[str, Any] = facts("algorithms")["algorithms"][name]
    accounts = next(
        each["accounts"] for each in facts("image_registries")["registries"] if each["family"] == known["family"]
    )
    directions: dict[str, Direction] = {
        **{f"validation:{each}": "Maximize" for each in known["maximize"]},
        **{f"validation:{each}": "Minimize" for each in known["minimize"]},
    }
    return Algorithm(
        name=name,
        repository=known["repository"],
        accounts=accounts,
        versions=tuple(known["versions"]),
        channels=tuple(known["channels"]),
        required=tuple(known["required"]),
        metrics=directions,
        patterns={
            f"{data}:{metric}": known["pattern"].replace("{data}", data).replace("{metric}", re.escape(metric))
            for data in ("train", "validation")
            for metric in (*known["maximize"], *known["minimize"])
        },
    )


def algorithms() -> Iterator[Algorithm]:
    """Yield all that are known."""
    return map(algorithm, facts("algorithms")["algorithms"])
