"""SageMaker's MLflow: tracking servers, and MLflow Apps; what answers behind them is local/tracking/.

Sources: botocore's service model of SageMaker, version of lock/user.txt; SageMaker API reference,
StopMlflowTrackingServer and CreatePresignedMlflowTrackingServerUrl, read 2026-11-30.
"""

import secrets

from local.handlers.operation import Call, Refusal, operation
from local.handlers.records import Kind, Record, shown
from local.handlers.sagemaker import SAGEMAKER
from local.tracking.pages import link
from local.tracking.servers import SERVERS

MLFLOW_VERSION = "2.16.2"
"""What a tracking server gets that names none."""

_APP_VERSION = "3.4"
"""What an MLflow App shows; AWS chooses and renews it."""


def new_tracking_server(call: Call) -> Record:
    """What AWS adds to an MLflow tracking server."""
    name = call.params["TrackingServerName"]
    return {
        "TrackingServerArn": call.arn(f"mlflow-tracking-server/{name}"),
        "TrackingServerUrl": f"https://{call.region}.experiments.sagemaker.aws/{name}",
        "TrackingServerSize": "Small",
        "TrackingServerStatus": "Created",
        "MlflowVersion": MLFLOW_VERSION,
        "AutomaticModelRegistration": False,
        "WeeklyMaintenanceWindowStart": "Tue:03:30",
        "IsActive": "Active",
    }


def new_app(call: Call) -> Record:
    """What AWS adds to an MLflow App."""
    return {
        "Arn": call.arn(f"mlflow-app/app-{secrets.token_hex(6).upper()}"),
        "Status": "Created",
        "MlflowVersion": _APP_VERSION,
        "ModelRegistrationMode": "AutoModelRegistrationDisabled",
        "AccountDefaultStatus": "DISABLED",
        "WeeklyMaintenanceWindowStart": "Tue:03:30",
    }


class Tracked(Kind):
    """A kind with an MLflow behind it: that goes with it, and starts anew where its artifacts go elsewhere."""

    def _update(self, call: Call) -> Record:
        SERVERS.end(self.find(call)[str(self.arn)], forget=False)
        return super()._update(call)

    def _delete(self, call: Call) -> Record:
        SERVERS.end(self.find(call)[str(self.arn)], forget=True)
        return super()._delete(call)


SERVER = Tracked(
    **SAGEMAKER,
    noun="MlflowTrackingServer",
    keys=("TrackingServerName",),
    arn="TrackingServerArn",
    added=new_tracking_server,
    listed="TrackingServerSummaries",
)
APP = Tracked(**SAGEMAKER, noun="MlflowApp", keys=("Arn",), arn="Arn", added=new_app, listed="Summaries")


@operation("sagemaker", "StopMlflowTrackingServer", "StartMlflowTrackingServer")
def stop_or_start(call: Call) -> Record:
    """End the server's process, or let the next request start one; what it knows of runs stays."""
    record = SERVER.find(call)
    stopped = call.operation.startswith("Stop")
    if stopped == (record["IsActive"] == "Inactive"):
        state = record["TrackingServerStatus"]
        raise Refusal("ConflictException", f"Tracking server {record['TrackingServerName']} is {state}.")
    if stopped:
        SERVERS.end(record["TrackingServerArn"], forget=False)
    record |= {
        "TrackingServerStatus": "Stopped" if stopped else "Started",
        "IsActive": "Inactive" if stopped else "Active",
    }
    return shown(record, call)


@operation("sagemaker", "CreatePresignedMlflowTrackingServerUrl")
def server_url(call: Call) -> Record:
    """A link onto a tracking server's pages; its host is this machine, where AWS's is the server's own."""
    return {"AuthorizedUrl": link(call, SERVER.find(call)["TrackingServerArn"])}


@operation("sagemaker", "CreatePresignedMlflowAppUrl")
def app_url(call: Call) -> Record:
    """A link onto an app's pages."""
    return {"AuthorizedUrl": link(call, APP.find(call)["Arn"])}
