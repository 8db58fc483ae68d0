"""Tuning jobs that run: training jobs side by side, the best of them, and how the next trial is chosen."""

import pytest

from local.jobs.search import Search, ranges_of
from tests.local.job_rig import CLUSTER, NUMBERS, WORKS, cache, ended, image
from tests.local.test_jobs_containers import wait_for

__all__ = ["cache", "image"]

TRAIN = """
import json, os, pathlib
base = pathlib.Path(os.environ["SAGEMAKER_BASE_DIR"])
given = json.loads((base / "input/config/hyperparameters.json").read_text())
assert given["fixed"] == "7" and given["_tuning_objective_metric"] == "auc", given
(base / "model/m").write_text("m")
print("auc=%.4f" % (1 - abs(float(given["eta"]) - 0.3)))
if given["kind"] == "broken":
    raise SystemExit(1)
"""
GOAL = {"Type": "Maximize", "MetricName": "auc"}
RANGES = {
    "ContinuousParameterRanges": [{"Name": "eta", "MinValue": "0.01", "MaxValue": "1", "ScalingType": "Logarithmic"}],
    "CategoricalParameterRanges": [{"Name": "kind", "Values": ["whole", "broken"]}],
}


def tuning(image_uri, role_arn, bucket, *, program=4, **config):
    return {
        "HyperParameterTuningJobName": f"tune-{next(NUMBERS)}",
        "HyperParameterTuningJobConfig": {
            "Strategy": "Random",
            "HyperParameterTuningJobObjective": GOAL,
            "ResourceLimits": {"MaxNumberOfTrainingJobs": program, "MaxParallelTrainingJobs": 2},
            "ParameterRanges": RANGES,
            "RandomSeed": 3,
            **config,
        },
        "TrainingJobDefinition": {
            "StaticHyperParameters": {"fixed": "7"},
            "AlgorithmSpecification": {
                "TrainingImage": image_uri,
                "TrainingInputMode": "File",
                "MetricDefinitions": [{"Name": "auc", "Regex": "auc=([0-9.]+)"}],
            },
            "RoleArn": role_arn,
            "OutputDataConfig": {"S3OutputPath": f"s3://{bucket}/runs"},
            "ResourceConfig": CLUSTER,
            "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        },
    }


@pytest.mark.shows("H20", "H21")
def test_a_tuning_job_tries_values_of_the_ranges_and_names_the_best(client, role, bucket, image):
    sagemaker = client("sagemaker")
    asked = tuning(image(train=TRAIN), role(*WORKS), bucket())
    name = asked["HyperParameterTuningJobName"]
    sagemaker.create_hyper_parameter_tuning_job(**asked)
    said = ended(sagemaker.describe_hyper_parameter_tuning_job, "HyperParameterTuningJob", name)

    assert "Completed" == said["HyperParameterTuningJobStatus"], said["FailureReason"]
    listed = sagemaker.list_training_jobs_for_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name, SortBy="FinalObjectiveMetricValue", SortOrder="Descending"
    )["TrainingJobSummaries"]
    assert 4 == len(listed)
    well = [each for each in listed if each["TrainingJobStatus"] == "Completed"]
    broken = [each for each in listed if each["TunedHyperParameters"]["kind"] == "broken"]
    assert {"Failed"} == {each["TrainingJobStatus"] for each in broken}
    assert "AlgorithmError: , exit code: 1" == broken[0]["FailureReason"]
    best = said["BestTrainingJob"]
    assert well[0]["TrainingJobName"] == best["TrainingJobName"]
    assert max(metric(each) for each in well) == metric(best)
    counters = said["TrainingJobStatusCounters"]
    assert (len(well), len(broken), 0) == (
        counters["Completed"],
        counters["NonRetryableError"],
        counters["InProgress"],
    )
    child = sagemaker.describe_training_job(TrainingJobName=best["TrainingJobName"])
    assert said["HyperParameterTuningJobArn"] == child["TuningJobArn"]
    assert child["HyperParameters"]["eta"] == best["TunedHyperParameters"]["eta"]
    assert child["ModelArtifacts"]["S3ModelArtifacts"].endswith(f"/{best['TrainingJobName']}/output/model.tar.gz")


def metric(said):
    return said["FinalHyperParameterTuningJobObjectiveMetric"]["Value"]


def test_a_tuning_job_of_which_none_succeeds_has_failed(client, role, bucket, image):
    sagemaker = client("sagemaker")
    only = {"CategoricalParameterRanges": [{"Name": "kind", "Values": ["broken"]}, {"Name": "eta", "Values": ["0.5"]}]}
    asked = tuning(image(train=TRAIN), role(*WORKS), bucket(), ParameterRanges=only, Strategy="Grid")
    sagemaker.create_hyper_parameter_tuning_job(**asked)
    said = ended(
        sagemaker.describe_hyper_parameter_tuning_job, "HyperParameterTuningJob", asked["HyperParameterTuningJobName"]
    )
    assert "Failed" == said["HyperParameterTuningJobStatus"]
    assert said["FailureReason"].startswith("No training job succeeded after 1 attempts.")


def test_stopping_a_tuning_job_stops_its_training_jobs(client, role, bucket, image):
    sagemaker = client("sagemaker")
    asked = tuning(image(train="import time; time.sleep(600)"), role(*WORKS), bucket())
    name = asked["HyperParameterTuningJobName"]
    sagemaker.create_hyper_parameter_tuning_job(**asked)

    def children():
        return sagemaker.list_training_jobs_for_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)[
            "TrainingJobSummaries"
        ]

    wait_for(lambda: len(children()) == 2)
    sagemaker.stop_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
    said = ended(sagemaker.describe_hyper_parameter_tuning_job, "HyperParameterTuningJob", name)
    assert "Stopped" == said["HyperParameterTuningJobStatus"]
    assert {"Stopped"} == {each["TrainingJobStatus"] for each in children()}


SPACE = {
    "IntegerParameterRanges": [{"Name": "depth", "MinValue": "1", "MaxValue": "12"}],
    "ContinuousParameterRanges": [
        {"Name": "eta", "MinValue": "0.001", "MaxValue": "1", "ScalingType": "Logarithmic"},
        {"Name": "keep", "MinValue": "0.5", "MaxValue": "0.99", "ScalingType": "ReverseLogarithmic"},
    ],
    "CategoricalParameterRanges": [{"Name": "kind", "Values": ["a", "b", "c"]}],
}


def loss(values):
    import math  # noqa: PLC0415 - of this function alone

    off = abs(math.log10(float(values["eta"])) + 2) + abs(int(values["depth"]) - 4) / 4
    return off + abs(float(values["keep"]) - 0.9) + {"a": 0, "b": 0.5, "c": 1}[values["kind"]]


def best_of(strategy, seed, trials=40):
    search, done = Search(strategy, ranges_of(SPACE), seed=seed, maximize=False), []
    for number in range(trials):
        values = search.next(done, [], number)
        done.append((values, loss(values)))
    return min(value for _, value in done), done


@pytest.mark.shows("H20")
def test_the_bayesian_search_finds_better_values_than_chance():
    seeds = range(20)
    better = sum(best_of("Bayesian", seed)[0] < best_of("Random", seed)[0] for seed in seeds)
    assert better >= 15


@pytest.mark.parametrize("strategy", ["Random", "Bayesian"])
def test_every_trial_lies_within_its_ranges_and_the_same_seed_tries_the_same(strategy):
    _, done = best_of(strategy, 1)
    assert done == best_of(strategy, 1)[1]
    assert done != best_of(strategy, 2)[1]
    for values, _ in done:
        assert 1 <= int(values["depth"]) <= 12
        assert 0.001 <= float(values["eta"]) <= 1
        assert 0.5 <= float(values["keep"]) <= 0.99
        assert values["kind"] in {"a", "b", "c"}


def test_a_grid_tries_each_combination_once():
    two = {"CategoricalParameterRanges": [{"Name": "x", "Values": ["1", "2"]}, {"Name": "y", "Values": ["3", "4"]}]}
    search = Search("Grid", ranges_of(two), seed=0, maximize=True)
    tried = [search.next([], [], number) for number in range(5)]
    assert [("1", "3"), ("1", "4"), ("2", "3"), ("2", "4")] == [(each["x"], each["y"]) for each in tried[:4]]
    assert tried[4] is None


@pytest.mark.parametrize(
    ("strategy", "ranges", "words"),
    [
        ("Hyperband", SPACE, "by Random, Bayesian or Grid, not by Hyperband"),
        ("Grid", SPACE, "categorical parameters only"),
        (
            "Random",
            {
                "ContinuousParameterRanges": [
                    {"Name": "e", "MinValue": "0", "MaxValue": "1", "ScalingType": "Logarithmic"}
                ]
            },
            "e: 0 to 1 is no Logarithmic range",
        ),
    ],
    ids=["unknown", "grid of numbers", "logarithm of zero"],
)
def test_what_cannot_be_searched_is_refused(strategy, ranges, words):
    with pytest.raises(ValueError, match=words):
        Search(strategy, ranges_of(ranges), seed=0, maximize=True)
