"""`mlz access who`: questions about the own plan, answered by what the stacks would register."""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from checks import own_access
from checks.access import evaluate
from checks.own_access import Question, case_of
from checks.own_network import QuestionError
from components.access.grants.runtime import PULL
from zone.facts.algorithms import algorithm
from zone.plan import planner

ROOT = Path(__file__).parents[1]
ZONE = planner.read(planner.EXAMPLES)
FRAUD, CHURN = (f"arn:aws:s3:::mlz-dev-{team}-data-1000000000{end}" for team, end in (("fraud", 12), ("churn", 11)))
CHARGEBACKS = f"{FRAUD}/datasets/chargebacks/part-0"
record = own_access._recording


@pytest.fixture(autouse=True, scope="module")
def recorded_once():
    """Each question records its stacks anew, for a command asks one: here are many."""
    once = cache(lambda stack: record(ZONE, stack))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(own_access, "_recording", lambda _zone, stack: once(stack))
        yield


def ask(stack, role, action, resource, **more):
    return evaluate(*case_of(ZONE, Question(stack=stack, role=role, action=action, resource=resource, **more)))


@pytest.mark.shows("S1")
@pytest.mark.parametrize(
    ("asked", "more", "layer"),
    [
        (("dev-fraud", "data-scientist", "s3:GetObject", CHARGEBACKS), {}, None),
        (
            ("dev-fraud", "mlz-data-scientist", "s3:GetObject", CHARGEBACKS),
            {"outside": True},
            "resourceControlPolicies",
        ),
        (("dev-churn", "data-scientist", "s3:GetObject", CHARGEBACKS), {}, None),
        (("dev-vision", "data-scientist", "s3:GetObject", CHARGEBACKS), {}, "resourcePolicy"),
        (("dev-churn", "data-scientist", "s3:GetObject", f"{FRAUD}/datasets/transactions/x"), {}, "identityPolicies"),
        (("dev-fraud", "data-scientist", "s3:DeleteBucket", FRAUD), {}, "permissionBoundaries"),
        (
            ("dev-fraud", "data-scientist", "s3:GetObject", CHARGEBACKS),
            {"context": {"aws:SecureTransport": "false"}},
            "resourceControlPolicies",
        ),
        (
            ("dev-fraud", "data-scientist", "kms:Decrypt", "alias/mlz/dev-fraud/data"),
            {"outside": True, "context": {"kms:ViaService": "s3.eu-west-1.amazonaws.com", "aws:ViaAWSService": "true"}},
            None,
        ),
        (
            ("dev-vision", "data-scientist", "kms:Decrypt", "alias/mlz/dev-fraud/data"),
            {"outside": True, "context": {"kms:ViaService": "s3.eu-west-1.amazonaws.com", "aws:ViaAWSService": "true"}},
            "identityPolicies",
        ),
    ],
)
def test_the_own_plan_answers(asked, more, layer):
    decision = ask(*asked, **more)

    assert (layer is None) is decision.allowed, decision
    assert layer is None or layer == decision.layer.value, decision


@pytest.mark.shows("H8")
@pytest.mark.parametrize("role", ["training", "tuning"])
def test_a_job_may_pull_awss_image_of_a_built_in_algorithm_and_no_strangers(role):
    """On AWS nobody asks: SageMaker pulls with credentials of its own. Where it does not, the role may."""
    account, _, name = (algorithm("xgboost").image("3.0-5", "eu-west-1") or "").partition(".")
    repository = name.partition("/")[2].partition(":")[0]
    for action in PULL:
        assert ask("dev-fraud", role, action, f"arn:aws:ecr:eu-west-1:{account}:repository/{repository}").allowed
        assert not ask("dev-fraud", role, action, f"arn:aws:ecr:eu-west-1:666666666666:repository/{repository}").allowed


LABELS = f"{FRAUD}/datasets/transactions/labels/risk/20261130T120000Z-ana.csv"


@pytest.mark.shows("F14")
@pytest.mark.parametrize("role", ["data-scientist", "ml-engineer", "processing", "training"])
def test_each_who_works_on_a_team_s_models_reads_all_its_labels(role):
    assert ask("dev-fraud", role, "s3:GetObject", LABELS).allowed
    assert ask(
        "dev-fraud", role, "s3:ListBucket", FRAUD, context={"s3:prefix": "datasets/transactions/labels/"}
    ).allowed


@pytest.mark.shows("F14")
@pytest.mark.parametrize("role", ["data-scientist", "ml-engineer"])
def test_people_who_make_models_give_labels_and_nobody_of_another_team_sees_them(role):
    assert ask("dev-fraud", role, "s3:PutObject", LABELS).allowed
    for stack in ("dev-vision", "dev-churn"):
        for action in ("s3:GetObject", "s3:PutObject"):
            assert not ask(stack, role, action, LABELS).allowed, (stack, action)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            ("dev-frod", "x", "s3:GetObject", FRAUD),
            "no stack 'dev-frod' with roles of its own (did you mean 'dev-fraud'?)",
        ),
        (("dev-fraud", "scientist", "s3:GetObject", FRAUD), "did you mean 'mlz-data-scientist'?"),
        (("dev-fraud", "training", "ec2:RunInstances", "*"), "no endpoint for ec2"),
        (("dev-fraud", "training", "s3:Get*", FRAUD), "is no action"),
    ],
)
def test_a_question_about_nothing_names_what_there_is(asked, said):
    with pytest.raises(ValueError, match=re.escape(said)) as refused:
        ask(*asked)

    assert isinstance(refused.value, QuestionError) or "action" in said


def test_the_command_says_who_and_why():
    words = ["access", "who", "dev-churn", "training", "s3:GetObject", CHARGEBACKS]
    found = subprocess.run([sys.executable, "-m", "cli", *words], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (0, "Allowed") == (found.returncode, found.stdout.split()[0])
    assert re.search(r"^decided by \w+, [\w-]+, \w+$", found.stdout, re.MULTILINE)
