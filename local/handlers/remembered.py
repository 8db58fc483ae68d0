"""What moto works out anew at each call, or for each account, although it is always the same: remembered here.

A third of a deployment's calls' time; measured by cProfile over 1,000 calls of `up` on org and dev-churn, 2026-11-30.
"""

import json
from copy import copy
from functools import cache
from typing import Any

from botocore import session
from botocore.loaders import Loader, create_loader
from moto import backends
from moto.core import responses, utils
from moto.iam import models
from moto.iam.models import AWSManagedPolicy, IAMBackend, ManagedPolicy


def install() -> None:
    """Correct moto; once per process."""
    modules = frozenset(backends.list_of_moto_modules())  # 170 folders, looked up twice a call
    backends.list_of_moto_modules = lambda: modules
    responses.method_names_from_class = cache(utils.method_names_from_class)  # type: ignore[attr-defined] # mends moto
    utils.create_loader = session.create_loader = _loader  # type: ignore[attr-defined] # mends moto
    IAMBackend._init_aws_policies = _aws_policies  # type: ignore[method-assign,assignment]  # noqa: SLF001 - mends moto


@cache
def _loader(search_path: str | None = None) -> Loader:
    """Return botocore's reader of service models: anew, it lists all services for each one, and reads each twice."""
    return create_loader(search_path)


def _aws_policies(backend: Any) -> list[ManagedPolicy]:  # noqa: ANN401 - moto's backend
    """Return AWS's own policies for an account: the same ids everywhere, as in AWS, each with its own attachments."""
    return [_of(backend.account_id, policy) for policy in aws_policies(backend.region_name)]


def _of(account_id: str, policy: ManagedPolicy) -> ManagedPolicy:
    own = copy(policy)
    own.account_id = account_id
    return own


@cache
def aws_policies(region: str) -> list[ManagedPolicy]:
    """Return AWS's own policies, as moto reads them: 1,600, a fifth of a second.

    Args:
        region: whose partition they are of; "aws" for all but China's.
    """
    known = json.loads(models.aws_managed_policies_data)  # type: ignore[attr-defined] # moto's data
    return [AWSManagedPolicy.from_data(name, "aws", region, policy) for name, policy in known.items()]
