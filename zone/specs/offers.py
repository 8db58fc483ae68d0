"""What a team offers others: the data sets and feature groups it declares as shared."""

from collections.abc import Iterator

from zone.specs.account import TeamAccount


def shared(spec: TeamAccount) -> Iterator[tuple[str, str, str]]:
    """Yield kind (dataset, offline, online), name and reading team of each share."""
    for name, dataset in spec.datasets.items():
        for team in dataset.shared_with:
            yield "dataset", name, team
    for name, group in spec.feature_groups.items():
        for team, share in group.shared_with.items():
            for mode in share.modes:
                yield mode.value, name, team
