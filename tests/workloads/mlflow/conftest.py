"""One database, one emulated AWS and one server for all attacks; who needs another server starts it."""

import pytest

from local.cloud import private_cloud
from tests.workloads.mlflow.rig import MissingError, rig
from tests.workloads.mlflow.within import ACCOUNTS, Inside


@pytest.fixture(scope="session")
def mlflow_rig(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mlflow")
    with private_cloud(folder / "cloud") as cloud:
        try:
            with rig(folder, cloud) as one:
                yield one
        except MissingError as missing:
            pytest.skip(str(missing))


@pytest.fixture(scope="session")
def mlflow_server(mlflow_rig):
    mlflow_rig.run("migrate")
    return mlflow_rig.serve().ready()


@pytest.fixture
def inside(monkeypatch):
    """A gate that takes the token's text for the team."""
    one = Inside.of()
    monkeypatch.setattr(
        one.gate._sts, "arn", lambda text: f"arn:aws:sts::{ACCOUNTS[text]}:assumed-role/mlz-training/job"
    )
    return one
