"""What the collected tests claim by `@pytest.mark.shows("B2", "S10")`, and what is wrong with it."""

from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from tests.promise.failing import can_fail, may_be_skipped
from tests.promise.features import ALL, Feature

MARKER = "shows"
ENGINE = "engine"
NEEDING = (ENGINE, "java", "mariadb")
"""Markers of tests that need what a machine may lack, and are skipped with the reason where it does."""


@dataclass(frozen=True, order=True)
class Claim:
    """One test that shows a feature; its cases count once."""

    engine: bool
    """It needs the real engine and is skipped where there is none."""

    file: str
    """Its file, from the top of the repository."""

    test: str


def ids(item: pytest.Function) -> list[str]:
    """Return the features that *item* says it shows."""
    return [str(feature) for marker in item.iter_markers(MARKER) for feature in marker.args]


def claims(items: Iterable[pytest.Function]) -> dict[str, list[Claim]]:
    """Return the tests of each feature that is claimed, those without the engine first."""
    found: dict[str, set[Claim]] = {}
    for item in items:
        for feature in ids(item):
            found.setdefault(feature, set()).add(_claim(item))
    return {feature: sorted(tests) for feature, tests in found.items()}


def _claim(item: pytest.Function) -> Claim:
    file, *_, test = item.nodeid.partition("[")[0].split("::")
    return Claim(item.get_closest_marker(ENGINE) is not None, file, test)


def wrong_claims(items: Iterable[pytest.Function], features: dict[str, Feature]) -> list[str]:
    """Say which claims cannot be believed, and why."""
    wrong: dict[str, None] = {}
    for item in items:
        claim = _claim(item)
        test = f"{claim.file}::{claim.test}"
        for marker in item.iter_markers(MARKER):
            if not marker.args or marker.kwargs:
                wrong[f'{test}: a claim is ids and nothing else: @pytest.mark.shows("B2", "S10")'] = None
        for feature in ids(item):
            if feature not in features:
                wrong[f"{test}: no feature {feature} in docs/features.yaml"] = None
        if ids(item) and not can_fail(item):
            wrong[f"{test}: nothing in it can fail: it shows nothing"] = None
        if ids(item) and not any(map(item.get_closest_marker, NEEDING)) and may_be_skipped(item):
            wrong[f"{test}: it may be skipped: only tests marked `{'` or `'.join(NEEDING)}` may"] = None
    return list(wrong)


def wrong_rows(features: dict[str, Feature], shown: dict[str, list[Claim]]) -> list[str]:
    """Say where docs/features.yaml and the tests of the whole suite differ."""
    wrong = []
    for key, feature in features.items():
        if key in shown and feature.open == ALL:
            wrong.append(f"{key}: {shown[key][0].test} shows it: say in `open` what is still open, or leave it out")
        if key not in shown and feature.open != ALL:
            wrong.append(f"{key}: no test shows it: add one, or say `open: all`")
    return wrong
