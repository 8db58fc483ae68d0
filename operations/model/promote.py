"""Approval: somebody else than the author says that a version may be used."""

from botocore.exceptions import ClientError

from operations.model.errors import ModelError, RefusedError
from operations.model.place import Clients
from operations.model.versions import APPROVED, AUTHOR, Version

REJECTED = "Rejected"


def approve(found: Version, clients: Clients, reviewer: str, why: str) -> bool:
    """Approve a version as *reviewer*; return False where it is approved already.

    Args:
        found: the version.
        clients: the reviewer's credentials.
        reviewer: the reviewer's name at sign-in.
        why: kept with the version.

    Raises:
        ModelError: it was rejected.
        RefusedError: the reviewer made it, or AWS refuses.
    """
    if found.metadata.get(AUTHOR) == reviewer:
        raise RefusedError(
            f"{reviewer} registered version {found.number}: somebody else approves it; --as names another reviewer"
        )
    if found.status == APPROVED:
        return False
    if found.status == REJECTED:
        raise ModelError(f"version {found.number} was rejected ({found.note or 'no reason given'}): register another")
    try:
        clients("sagemaker").update_model_package(
            ModelPackageArn=found.arn, ModelApprovalStatus=APPROVED, ApprovalDescription=f"{reviewer}: {why}"
        )
    except ClientError as error:
        raise RefusedError(f"version {found.number} was not approved: {error}") from error
    return True
