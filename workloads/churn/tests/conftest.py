"""One whole life, lived once: each test looks at another part of it."""

import os
import shutil
import tarfile
from pathlib import Path

import pytest
from churn.__main__ import main

for name in [key for key in os.environ if key.startswith(("MLFLOW_", "MLZ_", "AWS_"))]:
    del os.environ[name]  # what the machine tracks, and whom it works for, is not these tests' affair
os.environ["AWS_DEFAULT_REGION"] = "eu-west-1"
os.environ.setdefault("OMP_NUM_THREADS", "1")  # a few thousand rows: threads would wait for each other for most of it


class Job:
    """A folder that stands for a container's /opt/ml."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def give(self, source: Path, *place: str) -> None:
        target = self.root.joinpath(*place)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)

    def run(self, *words: str) -> int:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SAGEMAKER_BASE_DIR", str(self.root))
            return main(words)

    def out(self, *place: str) -> Path:
        return self.root.joinpath("processing", "output", *place)


@pytest.fixture
def job(tmp_path):
    return Job(tmp_path / "ml")


def archive(folder: Path, target: Path) -> Path:
    with tarfile.open(target, "w:gz") as opened:
        opened.add(folder, ".")
    return target


class Life:
    """Where each step of one life left what it made."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.jobs: dict[str, Job] = {}

    def step(self, name: str, *words: str, **inputs: Path) -> Job:
        job = self.jobs[name] = Job(self.root / name)
        for channel, source in inputs.items():
            if words[0] == "train":
                job.give(source, "input", "data", channel)
            else:
                job.give(source, "processing", "input", channel)
        assert 0 == job.run(*words)
        return job


@pytest.fixture(scope="session")
def life(tmp_path_factory):
    one = Life(tmp_path_factory.mktemp("life"))
    raw = one.step("ingest", "ingest", "--customers", "2500", "--seed", "3", "--bad-rows", "0.02").out("raw")
    data = one.step("prepare", "prepare", raw=raw)
    trained = one.step("train", "train", train=data.out("train"), validation=data.out("validation"))
    (one.root / "model").mkdir()
    archive(trained.root / "model", one.root / "model" / "model.tar.gz")
    one.step("evaluate", "evaluate", model=one.root / "model", train=data.out("train"), test=data.out("test"))
    return one
