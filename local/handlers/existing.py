"""Organizations: an organisation that was there before us, with the units and accounts that ids.lock.yaml records."""

from collections.abc import Mapping
from typing import Any

from moto.organizations.models import organizations_backends

from local.handlers.accounts import KNOWN


def found(existing: Mapping[str, Any]) -> None:
    """Let the organisation be there, as local.identities.Identities.existing says; nothing where that is empty."""
    if not existing:
        return
    backend: Any = organizations_backends[KNOWN.management_account]["aws"]
    backend.create_organization(region="us-east-1", FeatureSet="ALL")
    root = backend.ou[0]
    for policy in backend.policies:
        _detach(backend, policy.id, root.id)
    root.id = backend.org.root_id = existing["root"]
    for policy in backend.policies:
        backend.attach_policy(PolicyId=policy.id, TargetId=root.id)
    management = backend.accounts[0]
    management.parent_id = root.id
    for kind in existing["policy_types"]:
        root.add_policy_type(kind)
    for service in existing.get("services", ()):
        backend.enable_aws_service_access(ServicePrincipal=service)
    units = {"": root.id}
    for path, unit_id in sorted(existing["units"].items()):
        parent, _, name = path.rpartition("/")
        backend.create_organizational_unit(Name=name, ParentId=units[parent])
        unit = backend.ou[-1]
        for policy in backend.policies:
            _detach(backend, policy.id, unit.id)
        unit.id = units[path] = unit_id
        for policy in backend.policies:
            backend.attach_policy(PolicyId=policy.id, TargetId=unit.id)
    for account in existing["accounts"]:
        KNOWN.accounts[account["email"]] = account["id"]
        tags = [{"Key": key, "Value": value} for key, value in account.get("tags", {}).items()]
        backend.create_account(
            AccountName=account["name"], Email=account["email"], RoleName=KNOWN.provisioning_role, Tags=tags
        )
        backend.accounts[-1].parent_id = units[account["unit"]]
        backend.accounts[-1].joined_method = account.get("joined", "CREATED")


def _detach(backend: Any, policy_id: str, target_id: str) -> None:  # noqa: ANN401 - moto's class
    """Take a policy of AWS's own off a target that is about to get another id."""
    for target in (*backend.ou, *backend.accounts):
        if target.id == target_id:
            target.attached_policies = [each for each in target.attached_policies if each.id != policy_id]
    policy = backend.get_policy_by_id(policy_id)
    policy.attachments = [each for each in policy.attachments if each.id != target_id]
