"""MLflow across accounts: reach the server in the platform's account, keep artifacts beside it."""

from tests.journeys.callers import OTHERS, OUTSIDE, Caller
from tests.journeys.step import Stage, step
from zone import names

PART = "MLflow"
LOGGERS = "data-scientist, ml-engineer, processing, training, tuning"


def server(who: Caller) -> str:
    """Name of the tracking server."""
    return who.team.contract["mlflow/server-arn"].rpartition("/")[2]


@step(
    PART,
    "take the team's role at the tracking server and open its pages",
    f"{LOGGERS}, {', '.join(OTHERS)}",
    also=(OUTSIDE, *OTHERS),
)
def reach(who: Caller, _stage: Stage):
    taken = who.taking(who.team.contract["mlflow/access-role-arn"])
    who.client("sagemaker", taken).create_presigned_mlflow_tracking_server_url(TrackingServerName=server(who))


@step(PART, "take another team's role at the tracking server", only=OTHERS)
def reach_as_other(who: Caller, stage: Stage):
    who.taking(stage.callers["data-scientist"].team.contract["mlflow/access-role-arn"])


@step(PART, "change the tracking server")
def change(who: Caller, _stage: Stage):
    taken = who.taking(who.team.contract["mlflow/access-role-arn"])
    who.client("sagemaker", taken).update_mlflow_tracking_server(
        TrackingServerName=server(who), AutomaticModelRegistration=True
    )


@step(
    PART,
    "keep an artifact beside the tracking server, and read it back",
    f"{LOGGERS}, {', '.join(OTHERS)}",
    also=(OUTSIDE, *OTHERS),
)
def artifact(who: Caller, _stage: Stage):
    platform = who.team.contract["mlflow/server-arn"].split(":")[4]
    bucket = names.bucket("dev-platform", "mlflow", platform)
    key = f"{names.artifact_prefix(who.team.account)}run-{who.slug}/model.pkl"
    s3 = who.client("s3")
    s3.put_object(Bucket=bucket, Key=key, Body=b"model")
    s3.get_object(Bucket=bucket, Key=key)
    s3.list_objects_v2(Bucket=bucket, Prefix=names.artifact_prefix(who.team.account))
