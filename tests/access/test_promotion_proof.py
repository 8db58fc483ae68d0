"""A declared promotion is shown to work before anything is deployed, and every hole or leak on either side is seen."""

import json
import shutil
from dataclasses import replace
from functools import cache

import pytest

from checks import promotions
from checks.access import evaluate
from checks.own_access import Question, accounts_of, case_of
from checks.promotion_steps import steps
from checks.promotions import ADMINISTRATOR, proof, proofs
from checks.record import Recording, record
from stacks.build import build
from zone.plan import planner

ZONE = planner.read(planner.EXAMPLES.with_name("shared-platform"))
(FRAUD,) = ZONE.teams["dev-fraud"].promotions_out


@cache
def recorded(stack):
    return record(lambda: build(ZONE, stack), stack=stack)


def altered(stack, kind, name, change, recorded=recorded):
    """The recordings, one policy of one stack changed; None: the resource is not there."""

    def changed(each):
        key = "resourcePolicy" if "resourcePolicy" in each.inputs else "policy"
        text = change(json.loads(each.inputs[key]))
        return text and replace(each, inputs={**each.inputs, key: json.dumps(text)})

    def of(asked):
        recording = recorded(asked)
        if asked != stack:
            return recording
        hits = [each for each in recording.resources if each.type.endswith(f":{kind}") and each.name == name]
        assert len(hits) == 1, [each.name for each in recording.resources if each.type.endswith(f":{kind}")]
        rest = [changed(each) if each in hits else each for each in recording.resources]
        return Recording([each for each in rest if each], recording.exports)

    return of


def without(*sids):
    def change(document):
        kept = [each for each in document["Statement"] if each["Sid"] not in sids]
        assert len(kept) < len(document["Statement"]), [each["Sid"] for each in document["Statement"]]
        return {**document, "Statement": kept}

    return change


def unbound(sid):
    """Open to the whole account what was for some of its roles."""

    def change(document):
        (hit,) = [each for each in document["Statement"] if each["Sid"] == sid]
        opened = {key: value for key, value in hit.items() if key != "Condition"}
        return {**document, "Statement": [opened if each is hit else each for each in document["Statement"]]}

    return change


def broken(found):
    return {each.step.title for each in found.steps if not each.holds}


@pytest.mark.shows("G15", "S19")
@pytest.mark.parametrize("promotion", [FRAUD, *ZONE.teams["dev-churn"].promotions_out], ids=lambda each: each.model)
def test_each_step_of_a_declared_promotion_is_open_to_its_roles_and_to_nobody_else(promotion):
    found = proof(ZONE, promotion, recorded)

    assert set() == broken(found)
    assert {"ml-engineer", "pipeline"} == {each.role for each in found.steps[3].takers}
    # Processing too: what watches a promoted model runs in its owner's image.
    assert {"endpoint", "processing", "transform"} == {each.role for each in found.steps[-1].takers}
    assert (promotion.taker,) == found.asked_of


IMAGE = {"find its image's layers", "read its image's manifest", "pull its image's layers"}
VERSIONS = {"list its versions", "look at version 1", "make a model of a version"}


@pytest.mark.shows("S19")
@pytest.mark.parametrize(
    ("stack", "kind", "name", "change", "expected"),
    [
        ("dev-fraud", "Key", "fraud-models", without("Shared1"), {"decrypt its artifact"}),
        ("dev-fraud", "BucketPolicy", "fraud-models", without("ModelCardFraudObjects"), {"read its artifact"}),
        ("dev-fraud", "RepositoryPolicy", "fraud-card-fraud", lambda _: None, IMAGE),
        ("dev-fraud", "ModelPackageGroupPolicy", "fraud-card-fraud", without("PromotedVersions"), VERSIONS),
        ("dev-fraud", "ModelPackageGroupPolicy", "fraud-card-fraud", without("PromotedGroup"), {"find the model"}),
        ("prod-fraud", "Policy", "fraud-read-promoted", without("DecryptPromoted"), {"decrypt its artifact"}),
        ("prod-fraud", "Policy", "fraud-read-promoted", without("PullPromoted"), IMAGE),
        ("prod-fraud", "Policy", "fraud-make-models", without("TakePromoted"), {"make a model of a version"}),
        (
            "prod-fraud",
            "Policy",
            "fraud-boundary",
            without("TakePromotedModels"),
            {"find the model", "read its artifact", "decrypt its artifact", *VERSIONS, *IMAGE},
        ),
    ],
)
def test_what_either_side_forgets_is_seen(stack, kind, name, change, expected):
    found = proof(ZONE, FRAUD, altered(stack, kind, name, change))

    assert expected == broken(found)
    assert () == tuple(other for step in found.steps for other in step.others)


@pytest.mark.shows("S19")
@pytest.mark.parametrize(
    ("kind", "name", "sid", "expected"),
    [
        ("Key", "fraud-models", "Shared1", {"decrypt its artifact"}),
        ("BucketPolicy", "fraud-models", "ModelCardFraudObjects", {"read its artifact"}),
        ("RepositoryPolicy", "fraud-card-fraud", "PromotedImages", IMAGE),
        ("ModelPackageGroupPolicy", "fraud-card-fraud", "PromotedVersions", VERSIONS),
    ],
)
def test_a_policy_that_lets_in_more_than_was_declared_is_seen(kind, name, sid, expected):
    found = proof(ZONE, FRAUD, altered("dev-fraud", kind, name, unbound(sid)))

    assert expected == broken(found)
    assert {ADMINISTRATOR} == {other.role for step in found.steps for other in step.others}


@pytest.mark.shows("S19")
def test_another_account_that_the_owner_names_is_asked_too():
    def churn_too(document):
        (hit,) = [each for each in document["Statement"] if each["Sid"] == "Shared1"]
        stranger = {**hit, "Principal": {"AWS": "arn:aws:iam::100000000021:root"}, "Condition": {}, "Sid": "Stranger"}
        return {**document, "Statement": [*document["Statement"], stranger]}

    found = proof(ZONE, FRAUD, altered("dev-fraud", "Key", "fraud-models", churn_too))

    assert {"prod-churn", "prod-fraud"} == {*found.asked_of}
    assert {"decrypt its artifact"} == broken(found)
    assert [("prod-churn", ADMINISTRATOR)] == [(each.stack, each.role) for step in found.steps for each in step.others]


@pytest.fixture(scope="module")
def by_spark(tmp_path_factory):
    """The zone with a batch of the promoted model by Spark, its promotion, and its recordings."""
    folder = tmp_path_factory.mktemp("zone") / "accounts"
    shutil.copytree(planner.EXAMPLES.with_name("shared-platform"), folder)
    file = folder / "prod" / "churn.yaml"
    batch = "{model: churn-xgboost, version: 2, schedule: rate(7 days), input: customers/in/, output: scores/out/"
    file.write_text(f"{file.read_text()}batches:\n  weekly: {batch}, spark: {{}}}}\n")
    zone = planner.read(folder)
    (promotion,) = zone.teams["dev-churn"].promotions_out
    return zone, promotion, cache(lambda stack: record(lambda: build(zone, stack), stack=stack))


@pytest.mark.shows("I5", "S19")
def test_a_batch_by_spark_reads_a_promoted_version_itself_and_no_other(by_spark):
    found = proof(*by_spark)
    theirs = {each.step.title for each in found.steps if "spark" in {taker.role for taker in each.takers}}

    assert set() == broken(found)
    assert {"look at version 2", "read its artifact", "decrypt its artifact"} == theirs


@pytest.mark.shows("S19")
@pytest.mark.parametrize(
    ("where", "sid", "expected"),
    [
        (("prod-churn", "RolePolicy", "churn-spark"), "FindVersions", {"look at version 2"}),
        (("prod-churn", "RolePolicy", "churn-spark"), "DecryptPromoted", {"decrypt its artifact"}),
        (("dev-churn", "BucketPolicy", "churn-models"), "ModelChurnXgboostObjects", {"read its artifact"}),
    ],
)
def test_what_spark_lacks_of_a_promoted_version_is_seen(by_spark, where, sid, expected):
    zone, promotion, recorded = by_spark
    found = proof(zone, promotion, altered(*where, without(sid), recorded))

    assert expected == broken(found)
    assert "spark" in {each.role for step in found.steps for each in step.takers if not each.decision.allowed}


@pytest.mark.shows("D5", "S19")
def test_no_role_of_any_other_account_takes_a_step_and_no_administrator_does():
    asked = steps(ZONE, FRAUD, recorded("prod-fraud"))
    others = [each for each in accounts_of(ZONE) if each.key != "dev-fraud"]

    could = [
        (other.stack, other.role, step.title)
        for account in others
        for step in asked
        for other in promotions._others(ZONE, account, step, recorded, FRAUD.taker)
        if other.decision.allowed or other.decision.unsupported
    ]

    assert [] == could


@pytest.mark.shows("G15")
@pytest.mark.parametrize(
    ("role", "action", "resource"),
    [
        ("endpoint", "s3:GetObject", "arn:aws:s3:::mlz-dev-fraud-models-100000000012/models/card-fraud-2/a"),
        ("endpoint", "s3:GetObject", "arn:aws:s3:::mlz-dev-fraud-models-100000000012/runs/a"),
        ("endpoint", "s3:PutObject", "arn:aws:s3:::mlz-dev-fraud-models-100000000012/models/card-fraud/a"),
        ("endpoint", "s3:GetObject", "arn:aws:s3:::mlz-dev-fraud-data-100000000012/datasets/transactions/a"),
        ("endpoint", "ecr:PutImage", "arn:aws:ecr:eu-west-1:100000000012:repository/fraud/card-fraud"),
        ("ml-engineer", "s3:GetObject", "arn:aws:s3:::mlz-dev-fraud-models-100000000012/models/card-fraud/a"),
        (
            "reviewer",
            "sagemaker:UpdateModelPackage",
            "arn:aws:sagemaker:eu-west-1:100000000012:model-package/fraud-card-fraud/1",
        ),
    ],
)
def test_the_taker_reads_one_model_and_changes_nothing(role, action, resource):
    asked = Question(stack="prod-fraud", role=role, action=action, resource=resource)

    assert not evaluate(*case_of(ZONE, asked, recorded)).allowed


def test_a_stack_chooses_the_promotions_it_has_a_part_in():
    assert ["card-fraud"] == [each.promotion.model for each in proofs(ZONE, "prod-fraud")]
