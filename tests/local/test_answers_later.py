"""An asynchronous endpoint under the role that we grant it: what it reads of the work bucket and leaves there."""

import io
import tarfile
from dataclasses import dataclass, replace

import pytest
from botocore.exceptions import ClientError

from components.access.grants.place import Place
from components.access.grants.roles import roles, statements
from components.access.grants.runtime import PULL
from components.access.grants.statement import trust_sagemaker
from local.person import person as somebody
from stacks.inputs import team_of
from tests.local.people import ACCOUNT, REGION, SAGEMAKER, allow, document, lacks
from tests.local.serving import cache, image, settled, until
from tests.small_zone import TEAM
from zone import names
from zone.serving_names import answers_prefix, endpoint, questions_prefix

__all__ = ["cache", "image"]
pytestmark = pytest.mark.shows("I1")

OURS = replace(team_of(TEAM), asynchronous=["scores"], personas=[*names.PERSONA_ROLES.values()])
NAME = endpoint(OURS.name, "scores")
QUESTIONS, ANSWERS = questions_prefix("scores"), answers_prefix("scores")
ROLES = roles(OURS)
ASKS = "ml-engineer"


@dataclass(frozen=True)
class Later:
    """The endpoint, and what it works with."""

    place: Place
    bucket: str
    """The work bucket."""

    role_arn: str


@pytest.fixture(scope="module")
def later(client, image):
    """Make the endpoint as the stack does: the role's grants, the team's buckets and keys, questions and answers."""
    keys = {purpose: client("kms").create_key()["KeyMetadata"]["Arn"] for purpose in names.KEY_PURPOSES}
    place = replace(Place.stand_in(OURS), key_arns=keys)
    for purpose in ("studio", "models"):
        encrypted_bucket(client("s3"), place.bucket_name(purpose), keys[purpose])
    client("s3").put_object(Bucket=place.bucket_name("models"), Key="model.tar.gz", Body=doubling())
    trust = document(*trust_sagemaker(ACCOUNT)["Statement"])
    role_arn = granted(client("iam"), "endpoint", place, trust)
    repository = image.partition("/")[2].partition("@")[0]
    pull = document(allow(*PULL, resource=place.arn("ecr", f"repository/{repository}")))
    client("iam").put_role_policy(RoleName=names.role("endpoint"), PolicyName="of-the-test", PolicyDocument=pull)
    sagemaker = client("sagemaker")
    data = f"s3://{place.bucket_name('models')}/model.tar.gz"
    container = {"Image": image, "ModelDataUrl": data}
    sagemaker.create_model(ModelName=NAME, PrimaryContainer=container, ExecutionRoleArn=role_arn)
    variant = {"VariantName": "answering", "ModelName": NAME, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    answers = f"s3://{place.bucket_name('studio')}/{ANSWERS}"
    output = {"S3OutputPath": answers, "S3FailurePath": f"{answers}/failed", "KmsKeyId": keys["studio"]}
    sagemaker.create_endpoint_config(
        EndpointConfigName=NAME,
        ProductionVariants=[variant],
        AsyncInferenceConfig={"ClientConfig": {"MaxConcurrentInvocationsPerInstance": 1}, "OutputConfig": output},
    )
    sagemaker.create_endpoint(EndpointName=NAME, EndpointConfigName=NAME)
    settled(client, NAME)
    yield Later(place, place.bucket_name("studio"), role_arn)
    sagemaker.delete_endpoint(EndpointName=NAME)


def granted(iam, stem, place, trust):
    """Make a role with its grants, a policy each as the stack has them; its ARN."""
    made = iam.create_role(RoleName=names.role(stem), Path=names.PATH, AssumeRolePolicyDocument=trust)
    for grant in ROLES[stem]:
        given = document(*(each.document() for each in statements(grant, place)))
        iam.put_role_policy(RoleName=names.role(stem), PolicyName=grant, PolicyDocument=given)
    return made["Role"]["Arn"]


def encrypted_bucket(s3, name, key):
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    rules = [{"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}]
    s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": rules})


def doubling():
    """The model: what it is asked, times two."""
    with io.BytesIO() as packed:
        with tarfile.open(fileobj=packed, mode="w:gz") as archive:
            info = tarfile.TarInfo("factor.txt")
            info.size = 1
            archive.addfile(info, io.BytesIO(b"2"))
        return packed.getvalue()


@pytest.fixture(scope="module")
def acting(cloud, client, later):
    """Clients of who has a role's grants."""
    made = {"endpoint": later.role_arn}

    def start(stem):
        if stem not in made:
            made[stem] = granted(client("iam"), stem, later.place, SAGEMAKER)
        return somebody(cloud, made[stem], {}, region=REGION, vpc="")

    return start


def ask(runtime, later, key):
    address = f"s3://{later.bucket}/{key}"
    return runtime.invoke_endpoint_async(EndpointName=NAME, InputLocation=address, ContentType="text/csv")


def lies(s3, address):
    """What lies at *address*; None: nothing yet."""
    bucket, _, key = address.removeprefix("s3://").partition("/")
    try:
        return s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()
    except ClientError as error:
        assert "NoSuchKey" == error.response["Error"]["Code"]  # noqa: PT017 - anything else is a failure
        return None


def test_who_deploys_asks_and_finds_answer_or_error_where_they_are_said_to_be(acting, later):
    engineer = acting(ASKS)
    s3, runtime = engineer("s3"), engineer("sagemaker-runtime")
    s3.put_object(Bucket=later.bucket, Key=f"{QUESTIONS}/good.csv", Body=b"4")
    s3.put_object(Bucket=later.bucket, Key=f"{QUESTIONS}/bad.csv", Body=b"no number")
    good, bad = (ask(runtime, later, f"{QUESTIONS}/{name}.csv") for name in ("good", "bad"))

    assert "8.0" == until(lambda: lies(s3, good["OutputLocation"]))
    assert good["OutputLocation"].startswith(f"s3://{later.bucket}/{ANSWERS}/")
    assert "could not convert" in until(lambda: lies(s3, bad["FailureLocation"]))
    assert bad["FailureLocation"].startswith(f"s3://{later.bucket}/{ANSWERS}/failed/")
    _, _, key = good["OutputLocation"].removeprefix("s3://").partition("/")
    assert later.place.key_arns["studio"] == s3.get_object(Bucket=later.bucket, Key=key)["SSEKMSKeyId"]


@pytest.mark.parametrize("stem", sorted(set(ROLES) - {ASKS}))
def test_nobody_else_may_ask(acting, later, stem):
    call = acting(stem)("sagemaker-runtime").invoke_endpoint_async
    address = f"s3://{later.bucket}/{QUESTIONS}/good.csv"

    assert "sagemaker:InvokeEndpointAsync" == lacks(call, EndpointName=NAME, InputLocation=address)


def test_what_else_lies_in_the_work_bucket_is_no_question(acting, client, later):
    client("s3").put_object(Bucket=later.bucket, Key="code/secret.csv", Body=b"4")
    refused = ask(acting(ASKS)("sagemaker-runtime"), later, "code/secret.csv")

    def said():
        group = f"/aws/sagemaker/Endpoints/{NAME}"
        return [each["message"] for each in client("logs").filter_log_events(logGroupName=group)["events"]]

    line = until(lambda: next((each for each in said() if refused["InferenceId"] in each), ""))
    assert "code/secret.csv because no identity-based policy allows the s3:GetObject action" in line
    assert None is lies(client("s3"), refused["OutputLocation"])


@pytest.mark.parametrize(
    ("call", "key", "missing"),
    [
        pytest.param("get_object", f"{QUESTIONS}/mine.csv", None, id="read-question"),
        pytest.param("put_object", f"{ANSWERS}/mine.csv", None, id="leave-answer"),
        pytest.param("get_object", f"{ANSWERS}/mine.csv", "s3:GetObject", id="read-answer"),
        pytest.param("get_object", f"{questions_prefix('others')}/mine.csv", "s3:GetObject", id="read-anothers"),
        pytest.param("get_object", f"{QUESTIONS}-not/mine.csv", "s3:GetObject", id="read-beside"),
        pytest.param("get_object", "code/mine.csv", "s3:GetObject", id="read-work"),
        pytest.param("put_object", f"{QUESTIONS}/mine.csv", "s3:PutObject", id="change-question"),
        pytest.param("put_object", f"{answers_prefix('others')}/mine.csv", "s3:PutObject", id="leave-anothers"),
        pytest.param("put_object", "code/mine.csv", "s3:PutObject", id="write-work"),
        pytest.param("delete_object", f"{ANSWERS}/mine.csv", "s3:DeleteObject", id="delete-answer"),
        pytest.param("delete_object", f"{QUESTIONS}/mine.csv", "s3:DeleteObject", id="delete-question"),
        pytest.param("list_objects_v2", "", "s3:ListBucket", id="list"),
    ],
)
def test_its_role_reads_questions_and_leaves_answers_and_nothing_else(acting, client, later, call, key, *, missing):
    if key:
        client("s3").put_object(Bucket=later.bucket, Key=key, Body=b"4")
    container = acting("endpoint")("s3")
    wanted = {"Bucket": later.bucket, **({"Key": key} if key else {}), **({"Body": b"5"} if "put" in call else {})}

    if missing is None:
        getattr(container, call)(**wanted)
    else:
        assert missing == lacks(getattr(container, call), **wanted)
