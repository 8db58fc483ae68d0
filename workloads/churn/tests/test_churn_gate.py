import numpy as np
import pytest
from churn.columns import INPUT_NAMES
from churn.gate import judge
from churn.gate.subject import predict
from churn.measures import auc, calibration_error, group_differences, psi, psi_by_chance
from churn.spoil import SPOILED, honest, learn, refused


@pytest.fixture(scope="session")
def sound():
    return honest(1, 3000)


@pytest.mark.parametrize(
    "name",
    [
        "a column knows the answer",
        "labels balanced",
        "columns swapped",
        "a test of other customers",
        "learnt the cents",
        "unfair",
        "no missing values",
        "whole numbers in the signature",
    ],
)
def test_a_spoiled_model_is_refused_by_the_check_that_is_meant_for_it(sound, name):
    check, how = SPOILED[name]

    assert check in refused(how(sound))


@pytest.mark.parametrize("seed", [4, 5])
def test_a_sound_model_passes_beside_a_champion_as_good(seed):
    one = honest(seed, 2500)

    assert set() == refused(one.subject(champion=learn(one.train, seed + 100)))


def test_every_check_is_bitten_by_some_spoiled_model(sound):
    bitten = {check for check, _ in SPOILED.values()}

    # Log-loss falls with the AUC or the calibration; opportunity with the selection.
    assert bitten | {"log-loss", "fair-opportunity"} == {check.name for check in judge(sound.subject())}


def test_auc_is_the_chance_that_a_leaver_is_above_a_stayer():
    draw = np.random.default_rng(1)
    labels, scores = (draw.random(300) < 0.3).astype(float), np.round(draw.random(300), 2)
    pairs = scores[labels > 0][:, None] - scores[labels == 0][None, :]

    assert ((pairs > 0) + 0.5 * (pairs == 0)).mean() == pytest.approx(auc(labels, scores))


def test_calibration_error_of_a_score_off_by_a_tenth_is_a_tenth():
    draw = np.random.default_rng(2)
    truth = draw.uniform(0.2, 0.7, 200_000)
    labels = (draw.random(200_000) < truth).astype(float)

    assert 0.01 > calibration_error(labels, truth)
    assert 0.1 == pytest.approx(calibration_error(labels, truth + 0.1), abs=0.01)


def test_groups_differ_by_their_rates():
    labels = np.array([1, 1, 0, 0, 1, 1, 0, 0.0])
    chosen = np.array([1, 1, 1, 0, 1, 0, 0, 0.0])
    groups = np.array([0, 0, 0, 0, 1, 1, 1, 1])

    assert (0.5, 0.5) == group_differences(labels, chosen, groups, 2)


@pytest.mark.parametrize("rows", [200, 1000, 5000])
def test_psi_of_one_population_stays_below_what_chance_explains(rows):
    draw = np.random.default_rng(rows)
    limit = psi_by_chance(3 * rows, rows, 10, 0.0001)

    assert all(limit > psi(draw.gamma(2, 9, 3 * rows), draw.gamma(2, 9, rows))[0] for _ in range(50))


def test_psi_of_a_moved_column_is_what_its_formula_says():
    old, new = ["a"] * 7000 + ["b"] * 3000, ["a"] * 5000 + ["b"] * 5000
    wanted = (0.5 - 0.7) * np.log(0.5 / 0.7) + (0.5 - 0.3) * np.log(0.5 / 0.3)

    assert (pytest.approx(wanted, rel=1e-3), 2) == psi(old, new)


def test_an_attribution_adds_up_to_the_score(sound):
    from churn.explain import attributions

    rows = sound.subject().features.head(40)
    values = attributions(sound.model, rows)
    scores = predict(sound.model, rows)
    rest = np.log(scores / (1 - scores)) - values.sum(axis=1)

    assert (40, len(INPUT_NAMES)) == values.shape
    assert np.allclose(rest, rest[0], atol=1e-6)
