"""What SageMaker is asked for in a step's name."""

import pytest
from botocore.session import get_session
from botocore.validate import ParamValidator

from operations.model.place import Place
from operations.model.reading import read
from operations.model.requests import Job, request
from tests.operations.model_ground import TEAM
from tests.operations.tiny_model import write

CONTRACT = {
    "buckets/models": "models",
    "keys/models": "arn:aws:kms:eu-west-1:111111111111:key/models",
    "keys/data": "arn:aws:kms:eu-west-1:111111111111:key/data",
    "network/subnet-ids": "subnet-a,subnet-b",
    "network/security-group-id": "sg-a",
}
DEBUGGER = {"DebugHookConfig", "DebugRuleConfigurations", "TensorBoardOutputConfig", "ProfilerConfig"}
DEBUGGER |= {"ProfilerRuleConfigurations"}
"""What a training job asks Debugger for. Source: SageMaker API Reference, CreateTrainingJob (botocore 1.44)."""


@pytest.fixture
def asked(tmp_path):
    spec = read(write(tmp_path / "tiny"))
    (step,) = [each for each in spec.steps if each.job == "training"]
    place = Place(team=TEAM, contract=CONTRACT)
    job = Job(
        name="j", place=place, spec=spec, step=step, image="i", inputs={"train": "s3://b/x"}, prefix="p", environment={}
    )
    return request(job)


def test_a_training_asks_nothing_of_debugger_which_takes_no_new_customers(asked):
    shape = get_session().get_service_model("sagemaker").operation_model("CreateTrainingJob").input_shape

    assert set(shape.members) >= DEBUGGER
    assert set() == DEBUGGER & set(shape.required_members)
    assert set() == DEBUGGER & set(asked)
    assert "" == ParamValidator().validate(asked, shape).generate_report()
