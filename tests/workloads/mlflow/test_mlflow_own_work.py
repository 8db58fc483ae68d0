"""A team's own work, with MLflow's own client, through the gate; and what storage then holds."""

import json
import subprocess
from pathlib import Path

import boto3
import pytest

from tests.workloads.mlflow.amazon import REGION
from tests.workloads.mlflow.rig import AUDIENCE, BUCKET, TEAMS, WRITER
from tests.workloads.mlflow.world import AJ2, ART, World

pytestmark = pytest.mark.mariadb
SCRIPT = Path(__file__).parent / "own_work.py"


@pytest.fixture(scope="module")
def done(mlflow_rig, mlflow_server):
    """What the job found; it ran with the credentials of a training role and the two variables of a team's account."""
    keys = mlflow_rig.amazon.session(TEAMS["alpha"], WRITER)
    env = {
        "PATH": mlflow_rig.env()["PATH"],
        "HOME": str(mlflow_rig.folder),
        "PYTHONPATH": str(mlflow_rig.site),
        "AWS_ACCESS_KEY_ID": keys.access_key,
        "AWS_SECRET_ACCESS_KEY": keys.secret_key,
        "AWS_SESSION_TOKEN": keys.token,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "MLFLOW_TRACKING_URI": mlflow_server.url,
        "MLZ_MLFLOW_AUDIENCE": AUDIENCE,
        "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    }
    ran = subprocess.run(
        [mlflow_rig.python, SCRIPT, "own"], env=env, capture_output=True, text=True, check=False, timeout=300
    )
    assert ran.returncode == 0, ran.stderr[-3000:] + mlflow_server.log.read_text()[-2000:]
    return json.loads(ran.stdout.splitlines()[-1])


@pytest.mark.shows("G7", "G10")
def test_a_jobs_run_is_recorded(done):
    assert ("0123abc", "own_work.py", True) == (done["commit"], done["source"], done["ended"])
    assert {"depth": "3", "rate": "0.1"} == done["params"]
    assert [1, 1 / 2, 1 / 3] == done["history"]
    assert (["notes", "settings.json"], "hello") == (done["files"], done["text"])


@pytest.mark.shows("G11", "G12")
def test_each_training_makes_a_version_that_has_alias_notes_and_its_run(done):
    assert [1, 2] == done["versions"]
    assert ["2", "the better one", "yes", True] == done["champion"]
    assert [2, 4] == done["predicts"]


@pytest.mark.shows("G16")
def test_the_rest_of_a_teams_work_is_unharmed(done):
    assert ("say {{x}}", 1, True) == (done["prompt"], done["spans"], done["data set"])
    assert 2 == done["runs"] - done["runs then"] + 1


@pytest.mark.shows("G5")
def test_all_that_is_stored_lies_in_the_teams_folder(done, mlflow_rig):
    keys = mlflow_rig.cloud.env(REGION)
    s3 = boto3.client(
        "s3",
        endpoint_url=mlflow_rig.cloud.endpoint,
        region_name=REGION,
        aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
    )
    stored = [one["Key"] for one in s3.list_objects_v2(Bucket=BUCKET)["Contents"]]
    stored = [key for key in stored if not key.startswith("stock/")]  # MLflow without the gate keeps its own there

    assert done["files"]
    assert len(stored) > 5
    assert {"workspaces"} == {key.split("/")[0] for key in stored}
    assert {"alpha", "bravo"} >= {key.split("/")[1] for key in stored}


def test_storage_refuses_even_what_the_database_points_at(mlflow_rig, mlflow_server):
    """The second lock: rows that no request could have written name bravo's folder."""
    world = World(mlflow_server.url, {team: mlflow_rig.token(team) for team in ("alpha", "bravo")}).furnish()
    model, traced = world.of["alpha"]["model"], world.of["alpha"]["trace"]
    version = {"name": model, "version": "1", "path": "secret.txt"}

    def points(place):
        place = world.said(place)
        at = f"set value='{place}' where request_id='{traced}' and `key`='mlflow.artifactLocation'"
        mlflow_rig.database.said(f"update trace_tags {at}")
        mlflow_rig.database.said(
            f"update model_versions set source='{place}', storage_location='{place}' where name='{model}'"
        )
        yield world.call("alpha", "GET", "/model-versions/get-artifact", params=version)
        yield world.call("alpha", "GET", f"{AJ2}/get-trace-artifact", params={"request_id": traced})

    own, _ = points("s3://mlz-mlflow-artifacts/<a.root>")
    assert (200, True) == (own.status, "alphathing" in own.text)

    foreign, trace = points("s3://mlz-mlflow-artifacts/<b.root>")
    assert (True, 404) == ("this place is not your team" in foreign.text, trace.status)  # MLflow finds no such trace
    assert not [answer for answer in (foreign, trace) if answer.ok or world.mark in answer.text]
    assert world.call("bravo", "GET", f"{ART}/<b.root>/secret.txt").text == world.mark
