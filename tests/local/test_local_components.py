"""The components in somebody else's program, in the real engine: from afar through the package, and as a library."""

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from components.package.schema import schema
from local.cloud import Cloud
from local.rehearsal import run
from local.stack import Stack

pytestmark = pytest.mark.engine

ROOT = Path(__file__).parents[2]
EXAMPLES = ("own-program", "plain")

WRONG = """
import pulumi

class Keys(pulumi.ComponentResource):
    def __init__(self, name, inputs):
        super().__init__("mlz:index:Keys", name, inputs, remote=True)

Keys("wrong", {"acountKey": "pricing", "purposes": "data", "outside": {"data": [{"sid": 1}]}})
"""


@pytest.fixture
def examples(rehearse):
    """A world for each example, all in one cloud; a stack is called as its example."""
    world = rehearse("")
    return {name: replace(world, project=ROOT / "examples" / name) for name in EXAMPLES}


def everywhere(worlds, command, *flags):
    """Run a command on all examples side by side: what AWS keeps one waiting for, the other uses."""
    with ThreadPoolExecutor() as pool:
        outcomes = pool.map(lambda name: run(worlds[name], command, [name], needs={}, flags=flags)[0], worlds)
        return {outcome.stack: (outcome.code, outcome.changes, outcome.failures) for outcome in outcomes}


@pytest.mark.shows("M3")
def test_the_examples_come_up_stay_unchanged_and_leave_nothing(examples, aws):
    before = {path for name in EXAMPLES for path in (ROOT / "examples" / name).rglob("*.yaml")}

    # With the preview that `up` begins with: there the key's ARN goes from Keys to Bucket before it is known.
    up = everywhere(examples, "up")
    again = everywhere(examples, "up", "--skip-preview")
    assert_the_bucket_has_the_key(examples["own-program"], aws)
    destroyed = everywhere(examples, "destroy", "--skip-preview")

    for name in EXAMPLES:
        made = up[name][1]["create"]
        assert 10 < made
        assert (0, {"create": made}, []) == up[name]
        assert (0, {"same": made}, []) == again[name]
        assert (0, {"delete": made}, []) == destroyed[name]
    assert before == {path for name in EXAMPLES for path in (ROOT / "examples" / name).rglob("*.yaml")}


def assert_the_bucket_has_the_key(world, aws):
    given = Stack(world, "own-program", lambda _progress: None).outputs()
    cloud = Cloud(**json.loads((world.logs.parent / "cloud.json").read_text()))
    role = "arn:aws:iam::222222222222:role/OrganizationAccountAccessRole"
    made = aws(cloud, "sts").assume_role(RoleArn=role, RoleSessionName="look")["Credentials"]
    s3 = aws(cloud, "s3", made["AccessKeyId"], made["SessionToken"])
    encryption = s3.get_bucket_encryption(Bucket=given["bucket"])["ServerSideEncryptionConfiguration"]

    assert given["key"].startswith("arn:aws:kms:eu-west-1:222222222222:key/")
    assert given["key"] == encryption["Rules"][0]["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"]


def test_wrong_inputs_are_told_all_at_once_without_our_code(rehearse):
    world = rehearse(WRONG)
    (world.project / "Pulumi.yaml").write_text(
        json.dumps({"name": "tiny", "runtime": "python", "packages": {"mlz": str(ROOT / "components")}})
    )

    outcome = run(world, "preview", ["dev"], needs={})[0]
    told = [failure.message for failure in outcome.failures if "mlz:index:Keys" in failure.message]

    assert 0 != outcome.code
    assert 1 == len(told), outcome
    for line in (
        "mlz:index:Keys resource 'wrong' has a problem: these inputs are wrong:",
        "property acountKey with value '{pricing}' has a problem: there is no such input; did you mean accountKey?",
        "property accountKey has a problem: it is missing; give a string",
        "property purposes with value '{data}' has a problem: it must be a list",
        "property outside.data[0].sid with value '{1}' has a problem: it must be a string",
        "property outside.data[0].prefix has a problem: it is missing; give a string",
    ):
        assert line in told[0], told[0]
    assert "components" not in outcome.log.read_text(), "no traceback of ours"


def test_the_engine_reads_the_same_schema(engine):
    said = subprocess.run(
        [engine.path, "package", "get-schema", str(ROOT / "components")],
        env=engine.env,
        capture_output=True,
        text=True,
        check=True,
    )

    assert schema() | {"config": {}} == json.loads(said.stdout)
