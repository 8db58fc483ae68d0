"""The line that ends a run of the tests: which features it asked about, and what failed."""

from collections.abc import Iterable, Mapping

from tests.promise.features import Feature

BAD = {"failed": "failed", "error": "failed", "skipped": "skipped", "xfailed": "skipped", "xpassed": "failed"}
"""pytest's outcomes that leave a feature without its proof in this run → what the line calls them."""


def closing_line(features: Mapping[str, Feature], outcomes: Iterable[tuple[str, str]]) -> str:
    """Return the line for the (feature, outcome) pairs of a run.

    A feature is named once, under the worst that happened to one of its tests.
    """
    met: dict[str, set[str]] = {}
    for feature, outcome in outcomes:
        met.setdefault(feature, set()).add(BAD.get(outcome, "passed"))
    failed = [key for key in features if "failed" in met.get(key, ())]
    skipped = [key for key in features if key not in failed and "skipped" in met.get(key, ())]
    claimed = [key for key, feature in features.items() if feature.state != "open"]
    shown = sum(features[key].state == "shown" for key in claimed)
    unasked = [key for key in claimed if key not in met]
    return (
        f"features: {shown} shown, {len(claimed) - shown} in part (docs/coverage.md); of these in this run"
        f" failed: {_list(failed)}; skipped: {_list(skipped)}; not asked: {len(unasked)}"
    )


def _list(keys: list[str]) -> str:
    return " ".join(keys) or "none"
