"""A role at work in a container: its session, its place in a network, and clients that use both.

Every call goes to the emulated AWS over HTTP as anybody's does, and is decided there.
"""

from typing import Any, Final

import boto3
from botocore.config import Config

from local.authority.network import vpc_of
from local.authority.sessions import session
from local.containers.process import Connection, Credentials
from local.handlers.dispatch import LOCK
from local.handlers.here import HERE, PLACES

_QUICK: Final = Config(retries={"total_max_attempts": 2}, connect_timeout=10, read_timeout=120, proxies={})
"""A proxy of the user's must not come between."""


def connected(
    role_arn: str,
    subnets: tuple[str, ...] = (),
    *,
    service: str = "sagemaker.amazonaws.com",
    source: str = "",
    name: str = "SageMaker",
    told: bool = True,
) -> Connection:
    """Begin a role's session, and return how its calls reach AWS.

    Args:
        role_arn: the role.
        subnets: of the network its calls come from; none: SageMaker's own.
        service: who takes the role.
        source: ARN of that for which it takes it; empty: it names none.
        name: the session's name.
        told: whether the service says for whose account it takes it.

    Raises:
        NotTrustedError: the service may not take the role.
        UnreachableError: its subnet does not exist.
    """
    with LOCK:
        vpc = vpc_of(subnets[0]) if subnets else ""
        taken = session(role_arn, service=service, name=name, source=source, told=told)
        if vpc:
            PLACES[taken["aws_access_key_id"]] = vpc
    credentials = Credentials(
        access_key=taken["aws_access_key_id"],
        secret_key=taken["aws_secret_access_key"],
        token=taken["aws_session_token"],
    )
    return Connection(endpoint=HERE.address, credentials=credentials)


def client(connection: Connection, service: str, region: str) -> Any:  # noqa: ANN401 - boto3's clients have no type
    """Return a client of *service*; never while a call is being answered: it makes calls of its own."""
    return boto3.session.Session().client(
        service,
        endpoint_url=connection.endpoint,
        region_name=region,
        aws_access_key_id=connection.credentials.access_key,
        aws_secret_access_key=connection.credentials.secret_key,
        aws_session_token=connection.credentials.token,
        config=_QUICK,
    )
