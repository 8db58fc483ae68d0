"""Declared endpoints: what the plan makes of them, and what is refused."""

import pytest

from zone.plan.planner import read
from zone.plan.quotas import needs
from zone.specs.problems import SpecErrors

SAID = """endpoints:
  scores:
    model: churn-xgboost
    version: 3
    instance_type: ml.m5.large
    instances: {least: 1, most: 2, invocations_per_minute: 600}
    capture: 50
"""
LATER = """endpoints:
  scores:
    model: churn-xgboost
    version: 3
    instance_type: ml.m5.large
    asynchronous: {least: 0, most: 2}
"""
MODELS, OFFER = "models: [churn-xgboost]\n", "models: {churn-xgboost: {promote_to: [prod]}}\n"


def declare(folder, text=SAID, file="dev/churn.yaml", models=MODELS):
    folder.change(file, MODELS, f"{models}{text}")


def says(folder) -> list[str]:
    with pytest.raises(SpecErrors) as refused:
        read(folder.path)
    return [str(problem) for problem in refused.value.problems]


def package(folder, stack):
    team = read(folder.path).teams[stack]
    return team.serving["scores"].package_arn("eu-west-1", team.team)


@pytest.mark.shows("I1")
def test_the_version_is_the_teams_own(folder):
    declare(folder)

    own = "arn:aws:sagemaker:eu-west-1:100000000011:model-package/churn-churn-xgboost/3"
    assert own == package(folder, "dev-churn")


@pytest.mark.shows("G12", "I1")
@pytest.mark.parametrize(
    ("registered_in", "account"), [("", "100000000011"), ("dev", "100000000011"), ("prod", "100000000021")]
)
def test_what_is_promoted_comes_from_where_it_was_approved_unless_said_otherwise(folder, registered_in, account):
    folder.change("dev/churn.yaml", MODELS, OFFER)
    said = f"    registered_in: {registered_in}\n" if registered_in else ""
    declare(folder, SAID + said, "prod/churn.yaml")

    assert account == package(folder, "prod-churn").split(":")[4]


def test_without_a_version_nothing_is_deployed_and_nothing_costs(folder):
    before = read(folder.path).teams["dev-churn"]
    declare(folder, SAID.replace("    version: 3\n", ""))
    after = read(folder.path).teams["dev-churn"]

    assert {} == before.serving
    assert None is after.serving["scores"].version


def test_quotas_hold_a_new_versions_instances_beside_the_old_ones(folder):
    def most():
        zone = read(folder.path)
        wanted = needs(zone, {stack: {} for stack in zone.teams})
        (need,) = [each for each in wanted if each.stack == "dev-churn" and each.quota.code == "L-614B09FD"]
        return need.number

    assert 2 == most()
    declare(folder)
    assert 4 == most()


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        (
            "model: churn-xgboost",
            "model: churn-xgbost",
            "model",
            "no such model, got churn-xgbost (did you mean 'churn-xgboost'?); allowed: one of models: churn-xgboost",
        ),
        (
            "ml.m5.large",
            "ml.c5.xlarge",
            "instance_type",
            "not among instance_types.endpoint, got ml.c5.xlarge; allowed: ml.m5.large",
        ),
        (
            "most: 2",
            "most: 3",
            "instances.most",
            "above max_instances_per_job, got 3; allowed: 2 or fewer, or raise that one",
        ),
        (
            "least: 1, most: 2",
            "least: 2, most: 1",
            "instances.most",
            "below instances.least, got 1; allowed: 2 or more",
        ),
        (
            ", invocations_per_minute: 600",
            "",
            "instances.most",
            "nothing says when there are more than 1, got 2; allowed: 1, or add invocations_per_minute",
        ),
        (
            "    version: 3",
            "    version: 3\n    registered_in: test",
            "registered_in",
            "churn-xgboost comes from no such environment, got test; allowed: dev",
        ),
    ],
)
def test_it_is_refused_and_says_why(folder, old, new, key, said):
    declare(folder, SAID.replace(old, new))

    (problem,) = says(folder)
    assert problem.startswith("dev/churn.yaml:")
    assert problem.endswith(f": endpoints.scores.{key}: {said}")


def test_two_environments_that_promote_a_model_leave_a_choice(folder):
    folder.change("dev/churn.yaml", MODELS, OFFER)
    for path in [*(folder.path / "dev").iterdir()]:
        text = path.read_text().replace("aws+dev", "aws+alpha").replace("kind: environment", "kind: environment")
        folder.write(f"alpha/{path.name}", text.replace("10.64.0.0/14", "10.72.0.0/14"))
    declare(folder, SAID, "prod/churn.yaml")

    said = "alpha, dev promote churn-xgboost to prod; allowed: say which one, as registered_in"
    assert [said] == [each.rpartition("endpoints.scores: ")[2] for each in says(folder) if "registered_in" in each]


@pytest.mark.shows("I1")
def test_answers_may_come_later_and_from_no_instance_while_nobody_asks(folder):
    declare(folder, LATER)
    scores = read(folder.path).teams["dev-churn"].serving["scores"]

    assert (0, 2, 4, 5) == (
        scores.least,
        scores.most,
        scores.asynchronous.concurrency,
        scores.asynchronous.backlog_per_instance,
    )


@pytest.mark.parametrize(
    ("more", "key", "said"),
    [
        (
            "    instances: {least: 1, most: 1}\n",
            "instances",
            "it has its own numbers under asynchronous; allowed: no instances",
        ),
        (
            "    capture: 50\n",
            "capture",
            "an asynchronous endpoint keeps no calls, got 50; allowed: 0, questions and answers lie in the work bucket",
        ),
    ],
)
def test_what_belongs_to_answers_at_once_is_refused_of_later_ones(folder, more, key, said):
    declare(folder, LATER + more)

    (problem,) = says(folder)
    assert problem.endswith(f": endpoints.scores.{key}: {said}")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("most: 2", "most: 3", "above max_instances_per_job, got 3; allowed: 2 or fewer, or raise that one"),
        ("least: 0, most: 2", "least: 2, most: 1", "below asynchronous.least, got 1; allowed: 2 or more"),
    ],
)
def test_instances_of_later_answers_have_limits_too(folder, old, new, said):
    declare(folder, LATER.replace(old, new))

    (problem,) = says(folder)
    assert problem.endswith(f": endpoints.scores.asynchronous.most: {said}")


@pytest.mark.parametrize("kind", ["at once", "later"])
def test_only_later_answers_may_take_longer_than_a_minute(folder, kind):
    declare(folder, (LATER if kind == "later" else SAID) + "    latency_ms: 60001\n")

    if kind == "later":
        assert 60001 == read(folder.path).teams["dev-churn"].serving["scores"].latency_ms
    else:
        (problem,) = says(folder)
        assert problem.endswith(
            "too long for an answer at once, got 60001; allowed: 60000 or less, or add asynchronous"
        )


OVER_HTTP = SAID + "    api: {}\n"


@pytest.mark.shows("I6")
def test_an_api_brings_the_vpc_endpoint_it_is_asked_through_and_only_once_it_is_deployed(folder):
    declare(folder, OVER_HTTP.replace("    version: 3\n", ""))
    assert "execute-api" not in {each.key for each in read(folder.path).teams["dev-churn"].endpoints}
    folder.change("dev/churn.yaml", "    model: churn-xgboost\n", "    model: churn-xgboost\n    version: 3\n")
    team = read(folder.path).teams["dev-churn"]

    (way,) = [each for each in team.endpoints if each.key == "execute-api"]
    assert ("com.amazonaws.eu-west-1.execute-api", ("apis",)) == (way.service, way.features)
    assert (100, True) == (team.serving["scores"].api.calls_per_second, team.serving["scores"].has_api)


def test_quotas_count_the_roles_of_apis(folder):
    def roles():
        zone = read(folder.path)
        wanted = needs(zone, {stack: {} for stack in zone.teams})
        (need,) = [each for each in wanted if each.stack == "dev-churn" and each.quota.code == "L-FE177D64"]
        return need.number

    declare(folder)
    without = roles()
    folder.change("dev/churn.yaml", "    capture: 50\n", "    capture: 50\n    api: {calls_per_second: 20}\n")
    assert without + 2 == roles()


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        (
            LATER + "    api: {}\n",
            "api",
            "an API waits for the answer, and this one comes later; allowed: no api, or no asynchronous",
        ),
        (
            OVER_HTTP + "    latency_ms: 29001\n",
            "latency_ms",
            "an API gives up after 29000, got 29001; allowed: 29000 or less, or no api",
        ),
        (
            OVER_HTTP.replace("{}", "{calls_per_second: 10001}"),
            "api.calls_per_second",
            "too large, got 10001; allowed: a whole number, 1 to 10000",
        ),
    ],
)
def test_what_an_api_cannot_do_is_refused(folder, text, key, said):
    declare(folder, text)

    assert [True] == [f"endpoints.scores.{key}: {said}" in line for line in says(folder)]
