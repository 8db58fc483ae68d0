"""What the emulated AWS keeps of a resource that a request only names, as its Describe call would show it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from moto.athena.models import athena_backends
from moto.ecs.models import ecs_backends
from moto.s3.models import s3_backends
from moto.sagemaker.models import sagemaker_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.ssm.models import ssm_backends

from local.authority.held import bucket_owner, key_arn, known_arn, organization, role_of
from local.handlers.operation import Call
from local.handlers.records import STORES

Shown = Mapping[str, Any]
_NOTHING: Final[Shown] = {}


def stored(call: Call, kind: str, name: str) -> Shown:
    """Return the resource of *kind* that *call* names; empty where there is none.

    Raises:
        KeyError: nobody has written how to read that kind.
    """
    return READERS[kind](call, name)


def bucket_key(name: str) -> str | None:
    """Return the ARN of the KMS key by which a bucket encrypts where the request names none."""
    owner = bucket_owner(name)
    bucket = s3_backends[owner]["aws"].buckets.get(name) if owner else None
    if not owner or not bucket:
        return None
    rules = (bucket.encryption or {}).get("Rule") or []
    defaults = [
        rule.get("ApplyServerSideEncryptionByDefault") or {} for rule in (rules if isinstance(rules, list) else [rules])
    ]
    keys = [str(each["KMSMasterKeyID"]) for each in defaults if each.get("KMSMasterKeyID")]
    regions = [key.split(":")[3] if key.startswith("arn:") else bucket.region_name for key in keys]
    found = (key_arn(owner, region, key) for key, region in zip(keys, regions, strict=True))
    return next((arn for arn in found if arn), None)


def _ours(noun: str) -> Callable[[Call, str], Shown]:
    """Read a kind of local/handlers/sagemaker.py, by its last key; the ones before it are the request's."""

    def read(call: Call, name: str) -> Shown:
        account = name.split(":")[4] if name.startswith("arn:") else call.account
        kept = STORES.get(("sagemaker", noun, account, call.region), {})
        short = name.rsplit("/", maxsplit=1)[-1]
        domain = call.params.get("DomainId")
        found = (
            record
            for keys, record in kept.items()
            if keys[-1].lower() == short.lower() and (len(keys) == 1 or keys[0] == domain)
        )
        return next(found, _NOTHING)

    return read


def _motos(place: str) -> Callable[[Call, str], Shown]:
    """Read a SageMaker resource of moto's."""

    def read(call: Call, name: str) -> Shown:
        kept = getattr(sagemaker_backends[call.account][call.region], place)
        found = kept.get(name) or kept.get(name.rsplit("/", maxsplit=1)[-1])
        return found.gen_response_object() if found else _NOTHING

    return read


def _studio_role(call: Call, domain: str) -> Shown:
    """The role an app works with: the profile's, the owner's for a private space, the domain's for a shared one."""
    space = _ours("Space")(call, str(call.params.get("SpaceName")))
    defaults = _ours("Domain")(call, domain)
    if (space.get("SpaceSharingSettings") or {}).get("SharingType") == "Shared":
        return {"Arn": (defaults.get("DefaultSpaceSettings") or {}).get("ExecutionRole")}
    owner = call.params.get("UserProfileName") or (space.get("OwnershipSettings") or {}).get("OwnerUserProfileName")
    profile = _ours("UserProfile")(call, str(owner))
    own = (profile.get("UserSettings") or {}).get("ExecutionRole")
    return {"Arn": own or (defaults.get("DefaultUserSettings") or {}).get("ExecutionRole")}


def _role(call: Call, name: str) -> Shown:
    """A role's permissions boundary."""
    arn = known_arn(call.account, call.region, "role", name)
    role = role_of(arn) if arn else None
    return {"PermissionsBoundary": role.permissions_boundary_arn} if role else _NOTHING


def _policy(_call: Call, name: str) -> Shown:
    """A policy of the organisation."""
    backend = organization()
    found = next((policy for policy in backend.policies if policy.id == name), None) if backend else None
    return {"Type": found.type} if found else _NOTHING


def _parameter(call: Call, name: str) -> Shown:
    """A parameter; only a SecureString has a key."""
    versions = ssm_backends[call.account][call.region]._parameters.get(name.partition(":")[0])  # noqa: SLF001 - no other way in
    secure = [each for each in versions or [] if each.parameter_type == "SecureString"]
    return {"KeyId": secure[-1].keyid} if secure else _NOTHING


def _below(call: Call, path: str) -> Shown:
    """The keys of all SecureStrings below a path."""
    kept = ssm_backends[call.account][call.region]._parameters  # noqa: SLF001 - no other way in
    keys = [_parameter(call, name).get("KeyId") for name in list(kept) if name.startswith(f"{path.rstrip('/')}/")]
    return {"KeyId": sorted({key for key in keys if key})}


def _work_group(call: Call, name: str) -> Shown:
    """An Athena work group."""
    found: Shown | None = athena_backends[call.account][call.region].get_work_group(name)
    return found or _NOTHING


def _secret(call: Call, name: str) -> Shown:
    """A secret."""
    account = name.split(":")[4] if name.startswith("arn:") else call.account
    secrets = secretsmanager_backends[account][call.region].secrets
    return {"KmsKeyId": getattr(secrets[name], "kms_key_id", None)} if name in secrets else _NOTHING


def _object(call: Call, key: str) -> Shown:
    """An object in the request's bucket; it has a key of its own where the upload named one."""
    owner = bucket_owner(str(call.params.get("Bucket")))
    found = s3_backends[owner]["aws"].buckets[call.params["Bucket"]].keys.get(key) if owner else None
    return {"SSEKMSKeyId": getattr(found, "kms_key_id", None)}


def _task_definition(call: Call, name: str) -> Shown:
    """A task definition, by ARN, family:revision or family: the last one."""
    family, _, revision = name.rpartition("/")[2].partition(":")
    kept = ecs_backends[call.account][call.region].task_definitions.get(family, {})
    found = kept.get(int(revision)) if revision else kept[max(kept)] if kept else None
    roles = {"taskRoleArn": "task_role_arn", "executionRoleArn": "execution_role_arn"}
    return {member: getattr(found, place, None) for member, place in roles.items()} if found else _NOTHING


READERS: Final[Mapping[str, Callable[[Call, str], Shown]]] = {
    **{noun: _ours(noun) for noun in ("Domain", "FeatureGroup", "MlflowTrackingServer", "Space", "UserProfile")},
    "EndpointConfig": _motos("endpoint_configs"),
    "Model": _motos("_models"),
    "ModelPackage": _motos("model_packages"),
    "Object": _object,
    "Parameter": _parameter,
    "ParametersBelow": _below,
    "Pipeline": _motos("pipelines"),
    "Policy": _policy,
    "Role": _role,
    "Secret": _secret,
    "StudioRole": _studio_role,
    "TaskDefinition": _task_definition,
    "WorkGroup": _work_group,
}
"""Kind → how to read one."""
