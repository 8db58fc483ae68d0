"""Data: data sets, work, what other teams share, the contract."""

from tests.journeys.callers import JOBS, OTHER, OTHERS, OUTSIDE, OUTSIDE_JOB, PEOPLE, PORTAL, Caller
from tests.journeys.step import EVERYBODY, Stage, step
from zone import names

PART = "Data"
OWN, SHARED = "transactions", "chargebacks"
READERS = "data-scientist, ml-engineer, processing, training, tuning, transform, ingestion"


def put(who: Caller, bucket: str, key: str, body: bytes = b"a,b\n1,2\n", **more) -> None:
    """Write an object."""
    who.client("s3").put_object(Bucket=bucket, Key=key, Body=body, **more)


def stored(stage: Stage, key: str) -> tuple[str, str]:
    """An object that is there: the data scientist put it."""
    scientist = stage.callers["data-scientist"]
    bucket = scientist.team.bucket("data")
    if key not in stage.made:
        put(scientist, bucket, key)
        stage.made[key] = True
    return bucket, key


@step(
    PART, "write a data set of the team", "data-scientist, ml-engineer, processing, transform", also=(OUTSIDE, *OTHERS)
)
def write(who: Caller, stage: Stage):
    bucket = stage.callers["data-scientist"].team.bucket("data")
    put(who, bucket, f"{names.dataset_prefix(OWN)}/{who.slug}.csv")


@step(PART, "read a data set of the team", READERS, also=(PORTAL, OUTSIDE, OUTSIDE_JOB, *OTHERS))
def read(who: Caller, stage: Stage):
    bucket, key = stored(stage, f"{names.dataset_prefix(OWN)}/part-0.csv")
    assert b"a,b\n1,2\n" == who.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()


@step(
    PART,
    "read a data set that is shared with the other team",
    f"{READERS}, {', '.join(OTHERS)}",
    also=(OUTSIDE, *OTHERS),
)
def read_shared(who: Caller, stage: Stage):
    bucket, key = stored(stage, f"{names.dataset_prefix(SHARED)}/part-0.csv")
    who.client("s3").get_object(Bucket=bucket, Key=key)
    who.client("s3").list_objects_v2(Bucket=bucket, Prefix=f"{names.dataset_prefix(SHARED)}/")


@step(PART, "change a data set that another team shares", only=OTHERS)
def write_shared(who: Caller, stage: Stage):
    bucket, key = stored(stage, f"{names.dataset_prefix(SHARED)}/part-0.csv")
    put(who, bucket, key)


@step(PART, "list a data set", READERS, also=(OUTSIDE, OTHER))
def listing(who: Caller, stage: Stage):
    bucket, _ = stored(stage, f"{names.dataset_prefix(OWN)}/part-0.csv")
    for prefix in (f"{names.dataset_prefix(OWN)}/", names.dataset_prefix(OWN)):  # SageMaker lists it as it is written
        who.client("s3").list_objects_v2(Bucket=bucket, Prefix=prefix)


@step(PART, "list the whole data bucket")
def list_all(who: Caller, _stage: Stage):
    who.client("s3").list_objects_v2(Bucket=who.team.bucket("data"))


@step(PART, "write an object that another key encrypts", only=(*PEOPLE, *JOBS))
def other_key(who: Caller, _stage: Stage):
    team = who.team
    key = f"{names.dataset_prefix(OWN)}/other-key-{who.slug}.csv"
    put(who, team.bucket("data"), key, ServerSideEncryption="aws:kms", SSEKMSKeyId=team.key_arn("logs"))


@step(PART, "write a data set without encryption by KMS", only=(*PEOPLE, *JOBS))
def no_key(who: Caller, _stage: Stage):
    key = f"{names.dataset_prefix(OWN)}/no-key-{who.slug}.csv"
    put(who, who.team.bucket("data"), key, ServerSideEncryption="AES256")


@step(PART, "write an object into somebody else's bucket")
def stranger(who: Caller, stage: Stage):
    put(who, stage.made["stranger's bucket"], f"loot-{who.slug}")


@step(
    PART,
    "put code into the work bucket and read it back",
    "data-scientist, ml-engineer, processing, training, tuning, transform, ingestion, pipeline",
    also=(OUTSIDE, OTHER),
)
def work(who: Caller, stage: Stage):
    bucket, key = stage.callers["data-scientist"].team.bucket("studio"), f"code/{who.slug}.tar.gz"
    put(who, bucket, key)
    who.client("s3").get_object(Bucket=bucket, Key=key)


@step(PART, "read the contract", EVERYBODY)
def contract(who: Caller, _stage: Stage):
    found = who.client("ssm").get_parameters_by_path(Path=names.ssm_path(), Recursive=True)["Parameters"]
    assert found
    who.client("ssm").get_parameter(Name=names.ssm_path("studio", "domain-id"))


@step(PART, "change the contract")
def change_contract(who: Caller, _stage: Stage):
    who.client("ssm").put_parameter(Name=names.ssm_path("roles", "training"), Value="mine", Overwrite=True)
