"""SageMaker's built-in XGBoost: the same library runs, by AWS's contract, and what AWS refuses is refused."""

import random

import pytest
from botocore.exceptions import ClientError

from local.containers.algorithms import algorithm_of, folder_of_algorithm
from local.environments import environment
from local.handlers.jobs import NOTHING_RAN
from tests.local.job_rig import CLUSTER, NUMBERS, WORKS, ended, lines, trained, training
from tests.local.test_jobs_training import unpacked
from zone.facts import image_registries
from zone.facts.algorithms import algorithm

REGION = "eu-west-1"
XGBOOST = algorithm("xgboost")
IMAGE = XGBOOST.image("3.0-5", REGION)
GOAL = {"Type": "Maximize", "MetricName": "validation:auc"}
CSV = {"ContentType": "text/csv"}


@pytest.fixture(scope="module", autouse=True)
def packages():
    """The library, in the user's own cache."""
    environment(folder_of_algorithm(IMAGE) / "requirements.txt")


def rows(seed, count=200):
    """Labels that follow the first feature, mostly; some values are missing."""
    draw = random.Random(seed)
    made = []
    for _ in range(count):
        one, two = draw.random(), draw.random()
        label = int(one + draw.gauss(0, 0.2) > 0.5)
        made.append(f"{label},{one:.4f},{'' if draw.random() < 0.1 else f'{two:.4f}'}")
    return "\n".join(made)


@pytest.fixture
def data(bucket, client):
    """A bucket with channels; its name."""
    name = bucket()
    for channel, seed in (("train", 1), ("validation", 2)):
        client("s3").put_object(Bucket=name, Key=f"in/{channel}/data.csv", Body=rows(seed).encode())
    return name


def asked(role, data, hyperparameters, *, image=IMAGE, channel=CSV, **more):
    said = training(
        image,
        role(*WORKS),
        data,
        channels={name: f"s3://{data}/in/{name}/" for name in ("train", "validation")},
        HyperParameters={name: str(value) for name, value in hyperparameters.items()},
        **more,
    )
    return {**said, "InputDataConfig": [{**each, **channel} for each in said["InputDataConfig"]]}


@pytest.mark.shows("H8")
def test_the_built_in_xgboost_trains_on_csv_and_its_metrics_are_read_without_being_defined(client, role, data):
    given = {"objective": "binary:logistic", "num_round": 5, "eta": 0.3, "eval_metric": "auc,logloss"}
    job = asked(role, data, given)
    said = trained(client("sagemaker"), job)

    assert ("Completed", None) == (said["TrainingJobStatus"], said.get("FailureReason"))
    assert {"xgboost-model"} == set(unpacked(client("s3"), said["ModelArtifacts"]["S3ModelArtifacts"]))
    log = lines(client("logs"), "TrainingJobs", job["TrainingJobName"])
    assert any(line.startswith("[0]#011train-auc:") for line in log), log
    last = next(line for line in reversed(log) if line.startswith("[4]"))
    metrics = {each["MetricName"]: each["Value"] for each in said["FinalMetricDataList"]}
    assert {f"{part}:{name}" for part in ("train", "validation") for name in ("auc", "logloss")} == set(metrics)
    assert f"#011validation-auc:{metrics['validation:auc']:.5f}#011" in last
    assert 0.8 < metrics["validation:auc"] < 1


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (({"num_round": 2, "n_estimators": 9}, CSV, None), "Extraneous hyperparameter found: n_estimators"),
        (({"eta": 0.1}, CSV, None), "Missing required hyperparameter: num_round"),
        (({"num_round": 2, "eta": 3}, CSV, None), "Hyperparameter eta: value 3 not in range 0 to 1"),
        (({"num_round": 2}, {}, None), "content type text/libsvm"),
        (({"num_round": 2}, CSV, "label,age\n1,2\n"), "holds 'label', no number"),
        (
            ({"num_round": 2, "objective": "binary:logistic"}, CSV, "7,2\n1,3\n"),
            "must be in (0,1) for logistic loss",
        ),
    ],
    ids=["unknown", "missing", "range", "content type", "header", "label"],
)
def test_what_the_algorithm_does_not_take_fails_the_job_and_says_why(client, role, data, wrong, why):
    given, channel, body = wrong
    if body:
        client("s3").put_object(Bucket=data, Key="in/train/data.csv", Body=body.encode())
    said = trained(client("sagemaker"), asked(role, data, given, channel=channel))

    assert "Failed" == said["TrainingJobStatus"]
    assert why in said["FailureReason"]


def test_metrics_of_a_built_in_algorithm_are_not_to_be_defined(client, role, data):
    own = {"MetricDefinitions": [{"Name": "validation:auc", "Regex": "auc:([0-9.]+)"}]}
    with pytest.raises(ClientError, match="You can't override the metric definitions for Amazon SageMaker algorithms"):
        client("sagemaker").create_training_job(**asked(role, data, {"num_round": 2}, algorithm=own))


def tuning(role, data, goal):
    job = asked(role, data, {})
    del job["TrainingJobName"], job["HyperParameters"]
    job["ResourceConfig"] = CLUSTER
    return {
        "HyperParameterTuningJobName": f"tune-{next(NUMBERS)}",
        "HyperParameterTuningJobConfig": {
            "Strategy": "Random",
            "HyperParameterTuningJobObjective": goal,
            "ResourceLimits": {"MaxNumberOfTrainingJobs": 3, "MaxParallelTrainingJobs": 1},
            "ParameterRanges": {"IntegerParameterRanges": [{"Name": "max_depth", "MinValue": "1", "MaxValue": "6"}]},
            "RandomSeed": 1,
        },
        "TrainingJobDefinition": {
            **job,
            "StaticHyperParameters": {"objective": "binary:logistic", "num_round": "3"},
        },
    }


def test_tuning_looks_at_a_metric_that_the_algorithm_prints_by_itself(client, role, data):
    sagemaker, job = client("sagemaker"), tuning(role, data, GOAL)
    sagemaker.create_hyper_parameter_tuning_job(**job)
    name = job["HyperParameterTuningJobName"]
    said = ended(sagemaker.describe_hyper_parameter_tuning_job, "HyperParameterTuningJob", name)
    trials = sagemaker.list_training_jobs_for_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)

    assert ("Completed", 3) == (said["HyperParameterTuningJobStatus"], len(trials["TrainingJobSummaries"]))
    values = [each["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] for each in trials["TrainingJobSummaries"]]
    best = said["BestTrainingJob"]["FinalHyperParameterTuningJobObjectiveMetric"]
    assert ("validation:auc", max(values)) == (best["MetricName"], best["Value"])


@pytest.mark.parametrize("goal", [{**GOAL, "Type": "Minimize"}, {**GOAL, "MetricName": "validation:aucc"}])
def test_tuning_by_what_the_algorithm_does_not_print_is_refused(client, role, data, goal):
    with pytest.raises(ClientError, match="is no objective of the algorithm xgboost"):
        client("sagemaker").create_hyper_parameter_tuning_job(**tuning(role, data, goal))


def test_another_version_holds_no_program_here_and_says_so(client, role, data):
    job = asked(role, data, {"num_round": 2}, image=XGBOOST.image("1.7-1", REGION))
    client("sagemaker").create_training_job(**job)

    log = lines(client("logs"), "TrainingJobs", job["TrainingJobName"])
    assert [NOTHING_RAN] == log


def test_an_image_of_that_name_in_anybody_elses_account_is_none_of_awss():
    assert IMAGE.split(".")[0] in image_registries(REGION)
    assert XGBOOST == algorithm_of(IMAGE)
    assert algorithm_of(IMAGE.replace("141502667606", "666666666666")) is None
    assert algorithm_of(IMAGE.replace(REGION, "us-east-1")) is None
    assert XGBOOST.image("3.0-5", "nowhere-1") is None
