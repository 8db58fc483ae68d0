"""The policies the emulated AWS holds at this moment, compiled: identity, boundary, organisation, resource."""

from collections.abc import Sequence
from typing import Any, Final

from moto.iam.models import iam_backends
from moto.kms.models import kms_backends
from moto.organizations.models import organizations_backends
from moto.s3.models import s3_backends

from checks.access import Caller, PolicyKind, compile_policy, principal
from checks.access.sides import Named
from local.authority.signer import Signer
from local.authority.young import YOUNG
from local.handlers.accounts import KNOWN

ADMINISTRATOR_ACCESS: Final = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
"""What the administrator of the management account holds: AWS's AdministratorAccess."""


def caller_of(signer: Signer, endpoints: Sequence[Named] = (), *, guarded: bool = True) -> Caller:
    """Return the side of the caller: what travels with it now; not *guarded*: without service control policies."""
    identity: list[Named] = []
    boundaries: list[Named] = []
    if signer.role_arn is None:
        identity.append(("AdministratorAccess", compile_policy(ADMINISTRATOR_ACCESS, PolicyKind.IDENTITY)))
    elif role := role_of(signer.role_arn):
        attached = [(policy.name, _text(policy)) for policy in role.managed_policies.values()]
        for name, document in (*role.policies.items(), *attached):
            if YOUNG.missing(f"{signer.role_arn} {name}"):
                continue
            identity.append((name, compile_policy(document, PolicyKind.IDENTITY)))
        if role.permissions_boundary_arn:
            policy = iam_backends[signer.account]["aws"].managed_policies[role.permissions_boundary_arn]
            boundaries.append((policy.name, compile_policy(_text(policy), PolicyKind.IDENTITY)))
    session = signer.session_policy
    return Caller(
        principal(signer.arn),
        identity=identity,
        boundaries=boundaries,
        session=compile_policy(session, PolicyKind.IDENTITY) if session else None,
        service_control=(
            levels(signer.account, "SERVICE_CONTROL_POLICY", PolicyKind.SERVICE_CONTROL) if guarded else ()
        ),
        endpoints=endpoints,
        management_account=KNOWN.management_account,
    )


def service_caller(host: str) -> Caller:
    """Return the side of an AWS service that comes as itself."""
    return Caller(principal(host))


def role_of(arn: str) -> Any:  # noqa: ANN401 - moto's class
    """Return the role with this ARN; None where it does not exist."""
    account = arn.split(":")[4]
    if account not in iam_backends:
        return None
    return next((role for role in iam_backends[account]["aws"].get_roles() if role.arn == arn), None)


def policy_of(account: str, arn: str) -> Any:  # noqa: ANN401 - moto's class
    """Return the managed policy with this ARN; None where it does not exist."""
    return iam_backends[account]["aws"].managed_policies.get(arn)


def known_arn(account: str, region: str, kind: str, name: str) -> str | None:
    """Return the ARN of an existing role, policy or key of the account by what a request calls it."""
    if kind == "role":
        roles = iam_backends[account]["aws"].get_roles()
        return next((role.arn for role in roles if name in {role.name, role.arn}), None)
    if kind == "policy":
        policies = iam_backends[account]["aws"].managed_policies
        return next((arn for arn, policy in policies.items() if name in {policy.name, arn}), None)
    return key_arn(account, region, name)


def key_arn(account: str, region: str, name: str) -> str | None:
    """Return the ARN of a KMS key by its id, ARN or alias."""
    owner = name.split(":")[4] if name.startswith("arn:") else account
    backend = kms_backends[owner][region]
    short = name.rsplit(":", maxsplit=1)[-1]
    if short.startswith("alias/"):
        found = backend.get_key_id_from_alias(short)
        return backend.keys[found].arn if found in backend.keys else None
    key = backend.keys.get(short.removeprefix("key/"))
    return key.arn if key else None


def aliases_of(arn: str) -> list[str]:
    """Return the aliases of a KMS key."""
    _, _, _, region, account, name = arn.split(":", 5)
    key = kms_backends[account][region].keys.get(name.removeprefix("key/"))
    return sorted(key.aliases) if key else []


def organization() -> Any:  # noqa: ANN401 - moto's class
    """Return the backend of the organisation; None before it is made."""
    backends = organizations_backends.get(KNOWN.management_account)
    backend = backends["aws"] if backends else None
    return backend if backend is not None and backend.org else None


def path_of(account: str) -> list[Any]:
    """Return root, OUs and account from the root down; empty for an account outside the organisation."""
    backend = organization()
    found = next((each for each in backend.accounts if each.id == account), None) if backend else None
    path = [found] if found else []
    while path and (parent := next((unit for unit in backend.ou if unit.id == path[0].parent_id), None)):
        path.insert(0, parent)
    return path


def levels(account: str, type_: str, kind: PolicyKind) -> list[tuple[str, list[Named]]]:
    """Return the organisation's policies of one type, level by level, along the account's path."""
    return [
        (
            str(level.name),
            [
                (str(policy.name), compile_policy(policy.content, kind))
                for policy in level.attached_policies
                if policy.type == type_ and not (kind is PolicyKind.RESOURCE_CONTROL and policy.aws_managed)
            ],
        )
        for level in path_of(account)
    ]


def _text(policy: Any) -> str:  # noqa: ANN401 - moto's class
    """The document of a managed policy's default version."""
    document: str = next(version.document for version in policy.versions if version.is_default)
    return document


def bucket_owner(name: str) -> str | None:
    """Return the account that owns a bucket."""
    owner = s3_backends.bucket_accounts.get(name)
    return str(owner[1]) if owner else None


def bucket(name: str) -> Any:  # noqa: ANN401 - moto's class
    """Return a bucket by its name; None where there is none."""
    owner = bucket_owner(name)
    return s3_backends[owner]["aws"].buckets.get(name) if owner else None
