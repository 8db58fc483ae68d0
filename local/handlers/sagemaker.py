"""SageMaker: Studio, features, registry, MLflow. moto lacks these, or forgets what the provider reads.

Source of members and states: botocore's service model of SageMaker, version of lock/user.txt.
"""

import secrets
from collections.abc import Mapping
from functools import partial
from typing import Any

from moto.sagemaker.models import sagemaker_backends

from local.handlers.operation import Call, Refusal, completes, operation
from local.handlers.records import Kind, Record
from local.handlers.tags import known_tags

MLFLOW_VERSION = "2.16.2"
"""What a tracking server gets that names none."""

SAGEMAKER: dict[str, Any] = {
    "service": "sagemaker",
    "not_found": "ResourceNotFound",
    "exists": "ResourceInUse",
    # The AWS provider looks for this word in the message.
    "not_found_text": "{noun} {key} does not exist: RecordNotFound",
}
kind = partial(Kind, **SAGEMAKER)


def new_domain(call: Call) -> Record:
    """What AWS adds to a Studio domain."""
    domain = f"d-{secrets.token_hex(6)}"
    return {
        "DomainId": domain,
        "DomainArn": call.arn(f"domain/{domain}"),
        "HomeEfsFileSystemId": f"fs-{secrets.token_hex(8)}",
        "Url": f"https://{domain}.studio.{call.region}.sagemaker.aws",
        "Status": "InService",
        "TagPropagation": "DISABLED",
        "AppNetworkAccessType": "PublicInternetOnly",
    }


def change_domain(record: Record, call: Call) -> None:
    """Settings arrive under another name than they are read by."""
    settings = {**record.get("DomainSettings", {}), **call.params.get("DomainSettingsForUpdate", {})}
    record.update(call.params)
    if settings:
        record["DomainSettings"] = settings


def new_user_profile(call: Call) -> Record:
    """What AWS adds to a user profile."""
    return {
        "UserProfileArn": call.arn(f"user-profile/{call.params['DomainId']}/{call.params['UserProfileName']}"),
        "HomeEfsFileSystemUid": "200001",
        "Status": "InService",
    }


def new_space(call: Call) -> Record:
    """What AWS adds to a space."""
    return {
        "SpaceArn": call.arn(f"space/{call.params['DomainId']}/{call.params['SpaceName']}"),
        "HomeEfsFileSystemUid": "200002",
        "Status": "InService",
        "Url": f"https://{call.params['DomainId']}.studio.{call.region}.sagemaker.aws/{call.params['SpaceName']}",
    }


def new_app(call: Call) -> Record:
    """What AWS adds to a Studio app."""
    owner = call.params.get("UserProfileName") or call.params.get("SpaceName")
    path = f"{call.params['DomainId']}/{owner}/{call.params['AppType'].lower()}/{call.params['AppName']}"
    return {"AppArn": call.arn(f"app/{path}"), "Owner": owner, "Status": "InService"}


def new_feature_group(call: Call) -> Record:
    """What AWS adds to a feature group: where the offline store really lies, and its table."""
    name = call.params["FeatureGroupName"]
    added: Record = {
        "FeatureGroupArn": call.arn(f"feature-group/{name.lower()}"),
        "FeatureGroupStatus": "Created",
    }
    offline = call.params.get("OfflineStoreConfig")
    if offline:
        storage = offline["S3StorageConfig"]
        storage["ResolvedOutputS3Uri"] = (
            f"{storage['S3Uri'].rstrip('/')}/{call.account}/sagemaker/{call.region}/offline-store/{name}/data"
        )
        added["OfflineStoreStatus"] = {"Status": "Active"}
        if not offline.get("DisableGlueTableCreation"):
            offline.setdefault(
                "DataCatalogConfig",
                {
                    "TableName": name.lower().replace("-", "_"),
                    "Catalog": "AwsDataCatalog",
                    "Database": "sagemaker_featurestore",
                },
            )
    return added


def change_feature_group(record: Record, call: Call) -> None:
    """Add features and change the online store; the rest of a feature group never changes."""
    record["FeatureDefinitions"] = [*record["FeatureDefinitions"], *call.params.get("FeatureAdditions", [])]
    if call.params.get("OnlineStoreConfig"):
        record["OnlineStoreConfig"] = {
            **record.get("OnlineStoreConfig", {}),
            **call.params["OnlineStoreConfig"],
        }
    if call.params.get("ThroughputConfig"):
        record["ThroughputConfig"] = call.params["ThroughputConfig"]
    record["LastUpdateStatus"] = {"Status": "Successful"}


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


kind(
    noun="Domain",
    keys=("DomainId",),
    arn="DomainArn",
    added=new_domain,
    changed=change_domain,
    listed="Domains",
)
kind(
    noun="UserProfile",
    keys=("DomainId", "UserProfileName"),
    arn="UserProfileArn",
    added=new_user_profile,
    listed="UserProfiles",
)
kind(noun="Space", keys=("DomainId", "SpaceName"), arn="SpaceArn", added=new_space, listed="Spaces")
kind(
    noun="App",
    keys=("DomainId", "UserProfileName", "SpaceName", "AppType", "AppName"),
    arn="AppArn",
    added=new_app,
    listed="Apps",
)
kind(
    noun="StudioLifecycleConfig",
    keys=("StudioLifecycleConfigName",),
    arn="StudioLifecycleConfigArn",
    added=lambda call: {
        "StudioLifecycleConfigArn": call.arn(f"studio-lifecycle-config/{call.params['StudioLifecycleConfigName']}")
    },
    listed="StudioLifecycleConfigs",
)
kind(
    noun="AppImageConfig",
    keys=("AppImageConfigName",),
    arn="AppImageConfigArn",
    added=lambda call: {"AppImageConfigArn": call.arn(f"app-image-config/{call.params['AppImageConfigName']}")},
    listed="AppImageConfigs",
)
kind(
    noun="FeatureGroup",
    keys=("FeatureGroupName",),
    arn="FeatureGroupArn",
    added=new_feature_group,
    changed=change_feature_group,
    listed="FeatureGroupSummaries",
)
GROUPS = kind(
    noun="ModelPackageGroup",
    keys=("ModelPackageGroupName",),
    arn="ModelPackageGroupArn",
    added=lambda call: {
        "ModelPackageGroupArn": call.arn(f"model-package-group/{call.params['ModelPackageGroupName']}"),
        "ModelPackageGroupStatus": "Completed",
    },
    listed="ModelPackageGroupSummaryList",
    not_found="ValidationException",
    exists="ValidationException",
    not_found_text="ModelPackageGroup {key} does not exist.",
)
kind(
    noun="MlflowTrackingServer",
    keys=("TrackingServerName",),
    arn="TrackingServerArn",
    added=new_tracking_server,
    listed="TrackingServerSummaries",
)


@operation("sagemaker", "PutModelPackageGroupPolicy")
def put_group_policy(call: Call) -> Record:
    """Attach a resource policy to a model package group."""
    group = GROUPS.find(call)
    group["ResourcePolicy"] = call.params["ResourcePolicy"]
    return {"ModelPackageGroupArn": group["ModelPackageGroupArn"]}


@operation("sagemaker", "GetModelPackageGroupPolicy")
def get_group_policy(call: Call) -> Record:
    """Read the resource policy of a model package group."""
    policy = GROUPS.find(call).get("ResourcePolicy")
    if policy is None:
        raise Refusal("ValidationException", "Cannot find resource policy for: " + call.params["ModelPackageGroupName"])
    return {"ResourcePolicy": policy}


@operation("sagemaker", "DeleteModelPackageGroupPolicy")
def delete_group_policy(call: Call) -> Record:
    """Take the resource policy of a model package group away."""
    GROUPS.find(call).pop("ResourcePolicy", None)
    return {}


@operation("sagemaker", "ListTags", "AddTags", "DeleteTags")
def tags(call: Call) -> Mapping[str, Any] | None:
    """Tags of the kinds above; moto keeps those of its own."""
    kept = known_tags("sagemaker", call.params["ResourceArn"])
    if kept is None:
        return None
    kept.update(call.params.get("Tags"))
    kept.drop(call.params.get("TagKeys", []))
    return {"Tags": kept.pairs()}


@completes("sagemaker", "CreateModel")
def keep_network_isolation(call: Call) -> None:
    """Keep what moto drops; the provider would replace the model for it."""
    model = sagemaker_backends[call.account][call.region]._models[call.params["ModelName"]]  # noqa: SLF001 - no other way in
    model.enable_network_isolation = bool(call.params.get("EnableNetworkIsolation"))
