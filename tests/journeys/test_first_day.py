"""docs/first-day.md does what it says: its code exists in AWS's API, and runs for the people it names."""

import ast

import boto3
import pytest

from local.authority.gate import _WORDS
from local.authority.network import HEADER
from tests.journeys.callers import REGION
from tests.journeys.first_day import PAGE, blocks, foreign, persona
from tests.journeys.steps.data import put
from tests.journeys.test_sdk import PROGRAM


def calls(source):
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]


def given(call):
    return {word.arg for word in call.keywords} - {None}


@pytest.mark.parametrize("block", [block for block in blocks() if not foreign(block)], ids=lambda block: block[:40])
def test_each_call_and_each_of_its_arguments_exist_in_an_aws_api(block):
    services = ("ssm", "s3", "sagemaker", "sagemaker-featurestore-runtime", "athena", "sts")
    clients = [boto3.client(service, region_name=REGION) for service in services]
    for call in calls(block):
        if not isinstance(call.func, ast.Attribute) or not call.keywords or call.func.attr in {"client", "paginate"}:
            continue
        name = call.func.attr
        inputs = [
            set(client.meta.service_model.operation_model(client.meta.method_to_api_mapping[name]).input_shape.members)
            for client in clients
            if name in client.meta.method_to_api_mapping
        ]
        assert any(given(call) <= members for members in inputs), f"{name}: no such call, or no such argument"


def test_the_sdks_block_says_what_the_tested_program_says():
    page = next(block for block in blocks() if "import Estimator" in block)
    wanted = {"Estimator", "fit"}
    ours, tested = (
        {
            getattr(call.func, "id", getattr(call.func, "attr", "")): given(call)
            for call in calls(source)
            if getattr(call.func, "id", getattr(call.func, "attr", "")) in wanted
        }
        for source in (page, PROGRAM.read_text())
    )

    assert wanted == ours.keys() == tested.keys()
    assert all(ours[name] <= tested[name] for name in wanted)


def test_the_words_of_refusals_are_aws_own():
    said = PAGE.read_text().split("## When something is refused")[1]

    told = {words for words in _WORDS.values() if f" {words}`" in said or f" {words} allows" in said}
    assert {"session policy"} == set(_WORDS.values()) - told


def test_the_page_is_short():
    assert 150 >= len(PAGE.read_text().splitlines())


@pytest.mark.engine
def test_the_first_day_goes_as_written(stage, monkeypatch):
    notebook = {}
    for block in blocks():
        if foreign(block):
            continue
        who = stage.callers[persona(block)]
        session = boto3.Session(region_name=REGION, **who.credentials)
        session.events.register(
            "before-sign.*", lambda request, vpc=who.vpc, **_: request.headers.add_header(HEADER, vpc)
        )
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", session)
        monkeypatch.setenv("AWS_ENDPOINT_URL", who.cloud.endpoint)
        if persona(block) == "ml-engineer":  # the emulated AWS runs no container: the job's role leaves the model
            bucket, _, key = notebook["job"]["ModelArtifacts"]["S3ModelArtifacts"][5:].partition("/")
            put(stage.callers["training"], bucket, key)
        exec(compile(block, str(PAGE), "exec"), notebook)

    assert "first-day" == notebook["job"]["TrainingJobName"]
    assert notebook["url"]["AuthorizedUrl"]
    assert ["first-day"] == [
        each["TrainingJobName"]
        for each in notebook["sagemaker"].list_training_jobs(NameContains="first-day")["TrainingJobSummaries"]
    ]
