"""SageMaker: features and the registry, which moto lacks, or forgets of them what the provider reads.

Studio is in studio.py, MLflow in mlflow.py. Source of members and states: botocore's service model of SageMaker,
version of lock/user.txt.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from moto.sagemaker.models import sagemaker_backends

from local.handlers.feature_records import forget
from local.handlers.operation import Call, Refusal, completes, operation
from local.handlers.records import Kind, Record
from local.handlers.tags import known_tags
from local.offline.tables import keep_table

SAGEMAKER: dict[str, Any] = {
    "service": "sagemaker",
    "not_found": "ResourceNotFound",
    "exists": "ResourceInUse",
    # The AWS provider looks for this word in the message.
    "not_found_text": "{noun} {key} does not exist: RecordNotFound",
}


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
    """Add features or change the online store, one of them a call; the rest of a feature group never changes.

    Source: SageMaker API Reference, UpdateFeatureGroup ("one of the following request parameters at a time", "Features
    cannot be removed", an asynchronous operation), read 2026-11-30. The refusals' words are not documented.
    """
    given = [name for name in ("FeatureAdditions", "OnlineStoreConfig", "ThroughputConfig") if call.params.get(name)]
    if len(given) != 1:
        raise Refusal("ValidationException", f"Specify one of the request parameters at a time, got {given}.")
    additions = call.params.get("FeatureAdditions", [])
    known = {each["FeatureName"] for each in record["FeatureDefinitions"]}
    for name in (each["FeatureName"] for each in additions):
        if name in known:
            raise Refusal("ValidationException", f"Feature [{name}] already exists in the feature group.")
    if record.get("LastUpdateStatus", {}).get("Status") == "InProgress":
        raise Refusal("ValidationException", "The feature group is being updated.")
    if call.params.get("OnlineStoreConfig") and not record.get("OnlineStoreConfig"):
        raise Refusal("ValidationException", "The feature group does not have an online store.")
    record["FeatureDefinitions"] = [*record["FeatureDefinitions"], *additions]
    if call.params.get("OnlineStoreConfig"):
        record["OnlineStoreConfig"] = {
            **record.get("OnlineStoreConfig", {}),
            **call.params["OnlineStoreConfig"],
        }
    if call.params.get("ThroughputConfig"):
        record["ThroughputConfig"] = call.params["ThroughputConfig"]
    if additions and record.get("OfflineStoreConfig"):
        keep_table(record)
    record["LastUpdateStatus"] = {"Status": "InProgress"}


class FeatureGroups(Kind):
    """Feature groups: an update goes on after its answer, until somebody has looked once."""

    def _create(self, call: Call) -> Record:
        made = super()._create(call)
        record = self.find(call)
        if record.get("OfflineStoreConfig"):
            keep_table(record)
        return made

    def _describe(self, call: Call) -> Record:
        answer = super()._describe(call)
        record = self.find(call)
        if "LastUpdateStatus" in record:
            record["LastUpdateStatus"] = {"Status": "Successful"}
        return answer

    def _delete(self, call: Call) -> Record:
        forget(call, self.find(call))
        return super()._delete(call)


FeatureGroups(
    **SAGEMAKER,
    noun="FeatureGroup",
    keys=("FeatureGroupName",),
    arn="FeatureGroupArn",
    added=new_feature_group,
    changed=change_feature_group,
    listed="FeatureGroupSummaries",
)


class Groups(Kind):
    """Model package groups: one that has versions is not deleted.

    Source: SageMaker API Reference, DeleteModelPackageGroup: ConflictException; its words are not documented. Read
    2026-11-29. Models and endpoint configurations go while an endpoint uses them: AWS asks not to do it, and lets one.
    """

    def find(self, call: Call) -> Record:
        """The group, in another account where the call names it by ARN."""
        name = str(call.params["ModelPackageGroupName"])
        if name.startswith("arn:"):
            params = {**call.params, "ModelPackageGroupName": name.rpartition("/")[2]}
            call = replace(call, account=name.split(":")[4], params=params)
        return super().find(call)

    def _create(self, call: Call) -> Record:
        made = super()._create(call)
        # moto keeps the packages, and only of groups that it knows.
        moto = sagemaker_backends[call.account][call.region]
        moto.create_model_package_group(call.params["ModelPackageGroupName"], "")
        return made

    def _delete(self, call: Call) -> Record:
        name = self.find(call)["ModelPackageGroupName"]
        moto = sagemaker_backends[call.account][call.region]
        if any(package.model_package_group_name == name for package in moto.model_packages.values()):
            raise Refusal("ConflictException", f"Model package group {name} still has model packages.")
        moto.model_package_groups.pop(name, None)
        return super()._delete(call)


GROUPS = Groups(
    service="sagemaker",
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
