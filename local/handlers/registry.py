"""The model registry: moto keeps the versions; their groups are ours, for the provider reads what moto drops."""

from moto.sagemaker.models import sagemaker_backends

from local.handlers.operation import Call, operation
from local.handlers.sagemaker import GROUPS


@operation("sagemaker", "CreateModelPackage")
def know_group(call: Call) -> None:
    """Show moto the group that a version is for; it makes the version."""
    name = str(call.params.get("ModelPackageGroupName", "")).rsplit("/", maxsplit=1)[-1]
    backend = sagemaker_backends[call.account][call.region]
    if (name,) in GROUPS.store(call.account, call.region) and name not in backend.model_package_groups:
        backend.create_model_package_group(name, "", [])
