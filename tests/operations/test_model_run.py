"""A tiny model's whole run on the emulated AWS: jobs that really run, the gate, the registry, and what goes on."""

import json
from dataclasses import replace

import pytest

from local.cloud import private_cloud
from local.containers.images import push
from operations.model import jobs
from operations.model.errors import ModelError, StepFailedError
from operations.model.promote import approve
from operations.model.reading import read
from operations.model.register import register
from operations.model.requests import Job, request
from operations.model.run import KEPT, Order, run
from operations.model.spec import TrainingStep
from operations.model.state import State, held
from operations.model.versions import before, champion, one, side_by_side, versions
from tests.operations.model_ground import ground
from tests.operations.tiny_model import YAML, write
from zone.specs.vocabulary import Persona


@pytest.fixture(scope="module")
def account(tmp_path_factory):
    """Start an AWS with a team's account in it."""
    folder = tmp_path_factory.mktemp("aws")
    with pytest.MonkeyPatch.context() as patched, private_cloud(folder / "cloud") as cloud:
        patched.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield ground(cloud, folder)


@pytest.fixture
def model(account, tmp_path):
    """Return what is ordered of the tiny model, with the state of runs in a folder of its own."""
    folder = write(tmp_path / "tiny")
    (folder / "note.txt").write_text(str(tmp_path))  # each test has an image of its own
    spec = read(folder, account.team)
    repository = f"{account.team.team}/tiny"
    image = push(account.administrator("ecr"), repository, f"t-{abs(hash(str(tmp_path)))}", folder)
    return Order(
        spec=spec,
        place=account.place,
        clients=account.person(Persona.ML_ENGINEER).clients,
        image=image,
        environment={"MLZ_GIT_COMMIT": "4c1f0a9"},
        wait=jobs.pause(0.05),
    )


def went(order, state):
    """Run it; return what came of it and what was said of each step."""
    said = {}
    done = run(order, state, lambda step, what: said.setdefault(step, []).append(what))
    return done, said


@pytest.mark.shows("F15")
def test_a_run_is_judged_and_registered_with_what_a_reviewer_needs(model, account, tmp_path):
    state = State(tmp_path / "tiny.json")
    in_use = champion(model.place, model.clients, "tiny")  # of another test here, or none
    done, _ = went(model, state)
    version = register(model, state, done, {"git_commit": "4c1f0a9", "author": "ben@example.com"})
    found = model.clients("sagemaker").describe_model_package(ModelPackageName=version.arn)

    assert done.gate.passed
    assert "PendingManualApproval" == version.status
    assert {"git_commit": "4c1f0a9", "author": "ben@example.com", "run": done.id} == {
        key: version.metadata[key] for key in ("git_commit", "author", "run")
    }
    assert version.metadata["data_version"].startswith("rows-")
    assert model.image == version.image
    assert version.model_data.endswith("/output/model.tar.gz")
    assert found["DriftCheckBaselines"]["ModelDataQuality"]["Statistics"]["S3Uri"].endswith("/raw/data.csv")
    assert {"model_overview": {"model_name": "tiny"}} == json.loads(found["ModelCard"]["ModelCardContent"])
    rows = side_by_side(account.person(Persona.REVIEWER).clients, [version])
    compared = float(in_use is not None)
    assert ([3.0], ["0.5"], [compared]) == (rows["rows"], rows["weight"], rows["against_champion"])


def test_a_built_in_algorithm_is_asked_for_by_awss_image_and_told_nothing_of_ours(model):
    fit = TrainingStep.model_validate(
        {
            "name": "fit",
            "job": "training",
            "algorithm": {"name": "xgboost", "version": "1.7-1"},
            "hyperparameters": {"num_round": 9, "objective": "binary:logistic"},
            "environment": {"MINE": "1"},
        }
    )
    job = Job(
        name="tiny-fit-1",
        place=model.place,
        spec=model.spec,
        step=fit,
        image=model.image,
        inputs={"train": "s3://bucket/rows/"},
        prefix="fit-1",
        environment={"MLZ_RUN": "r", "MINE": "1"},
    )
    asked = request(job)

    assert {
        "TrainingImage": "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1",
        "TrainingInputMode": "File",
    } == asked["AlgorithmSpecification"]
    assert [("train", "text/csv")] == [(each["ChannelName"], each["ContentType"]) for each in asked["InputDataConfig"]]
    assert {"num_round": "9", "objective": "binary:logistic"} == asked["HyperParameters"]
    assert {"MINE": "1"} == asked["Environment"]
    assert {"Subnets", "SecurityGroupIds"} == set(asked["VpcConfig"])


def test_the_same_run_again_repeats_nothing_and_registers_nothing(model, tmp_path):
    state = State(tmp_path / "tiny.json")
    first, _ = went(model, state)
    version = register(model, state, first, {"git_commit": "4c1f0a9"})
    second, said = went(model, State.read(state.file))

    assert {"ingest": [KEPT], "fit": [KEPT], "judge": [KEPT]} == said
    assert version == register(model, State.read(state.file), second, {"git_commit": "4c1f0a9"})


def test_only_what_reads_a_change_is_repeated(model, tmp_path):
    state = State(tmp_path / "tiny.json")
    went(model, state)
    fit = model.spec.steps[1].model_copy(update={"hyperparameters": {"weight": 0.7}})
    steps = (model.spec.steps[0], fit, model.spec.steps[2])
    _, said = went(replace(model, spec=model.spec.model_copy(update={"steps": steps})), state)

    assert [KEPT] == said["ingest"]
    assert KEPT not in [*said["fit"], *said["judge"]]


def test_a_model_that_its_gate_refuses_is_not_registered(model, tmp_path):
    done, _ = went(replace(model, options=("--rows", "1")), State(tmp_path / "tiny.json"))

    assert not done.gate.passed
    assert [("rows", False, 1, 2)] == [(each.name, each.passed, each.value, each.limit) for each in done.gate.checks]


def test_a_step_that_fails_says_why_and_is_the_next_runs_first(model, tmp_path):
    state = State(tmp_path / "tiny.json")
    with pytest.raises(StepFailedError, match="ingest: the job tiny-ingest-") as said:
        went(replace(model, options=("--rows", "0")), state)
    with pytest.raises(StepFailedError, match=r"tiny-ingest-[0-9a-f]+-1 failed"):
        went(replace(model, options=("--rows", "0")), State.read(state.file))

    assert "no rows: give at least 1" in str(said.value)


def test_a_run_that_was_killed_waits_for_the_job_that_it_had_begun(model, tmp_path):
    state = State(tmp_path / "tiny.json")

    def killed():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        went(replace(model, wait=killed), state)
    begun = [record.job for record in State.read(state.file).steps.values()]
    done, _ = went(model, State.read(state.file))
    listed = model.clients("sagemaker").list_processing_jobs(NameContains=begun[0])["ProcessingJobSummaries"]

    assert begun == [done.steps["ingest"].job]
    assert 1 == len(listed)


def test_two_runs_at_once_are_one_message(tmp_path):
    with (
        held(tmp_path, "tiny"),
        pytest.raises(ModelError, match=r"another run of tiny is at work \(process \d+, since"),
        held(tmp_path, "tiny"),
    ):
        pass


def test_a_reviewer_approves_and_the_author_may_not(model, account, tmp_path):
    state = State(tmp_path / "tiny.json")
    done, _ = went(model, state)
    version = register(model, state, done, {"git_commit": "4c1f0a9", "author": "chi@example.com"})
    reviewer = account.person(Persona.REVIEWER)
    with pytest.raises(ModelError, match=r"chi@example\.com registered version"):
        approve(version, reviewer.clients, reviewer.name, "fine")
    other = account.person(Persona.REVIEWER, "dan")

    assert approve(version, other.clients, other.name, "fine")
    known = one(versions(account.place, other.clients, "tiny"), "tiny", version.number)
    assert ("Approved", "dan@example.com: fine") == (known.status, known.note)
    assert not approve(known, other.clients, other.name, "fine")
    # What is approved is the champion that the next run is held against.
    _, said = went(model, state)
    assert (KEPT not in said["judge"], [KEPT]) == (True, said["fit"])


def test_versions_that_are_not_there_are_named_with_those_that_are(account):
    clients = account.person(Persona.ML_ENGINEER).clients
    with pytest.raises(ModelError, match="tiny has no version 999; there are"):
        one(versions(account.place, clients, "tiny"), "tiny", 999)
    with pytest.raises(ModelError, match="declares no model other; it has tiny"):
        versions(account.place, clients, "other")
    with pytest.raises(ModelError, match="no version of tiny is deployed"):
        before([], "tiny", {"endpoints.tiny.version": None})
    with pytest.raises(ModelError, match="no version of tiny before 1 is approved"):
        before([], "tiny", {"endpoints.tiny.version": 1})


def test_a_wrong_judgement_is_said_with_its_address(model, tmp_path):
    text = YAML.replace(
        "[python, -m, tiny, judge]", "[sh, -c, 'echo {} > $SAGEMAKER_BASE_DIR/processing/output/evaluation/gate.json']"
    )
    spec = read(write(tmp_path / "other", text))
    with pytest.raises(ModelError, match=r"gate.json: passed: Field required: mend the step that writes it"):
        went(replace(model, spec=spec), State(tmp_path / "tiny.json"))
