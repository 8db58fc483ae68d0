"""A person of a team at work in the emulated AWS: the persona's role, in the team's network.

    engineer = person(cloud, role_arn, {"sagemaker:UserProfileName": "ada"}, region="eu-west-1", vpc="vpc-…")
    engineer("sagemaker").create_training_job(...)

On AWS that is somebody in Studio: nothing of this is needed there.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import boto3
from botocore.config import Config

from local.cloud import Cloud
from local.errors import LocalError

VPC: Final = "X-Mlz-Vpc"
"""local.authority.network.HEADER, whose module would take a second to import."""

Clients = Callable[[str], Any]
"""Client of boto3 by service; boto3 ships no types."""

MANAGEMENT = {"aws_access_key_id": "AKIAMLZLOCALMANAGEMT", "aws_secret_access_key": "emulated"}
"""The management account's credentials, see Cloud.env()."""


class NobodyError(LocalError):
    """The person cannot work there; the text is for the user."""


def person(cloud: Cloud, role_arn: str, keys: Mapping[str, str], *, region: str, vpc: str) -> Clients:
    """Return the clients of somebody who works under *role_arn* in Studio.

    Args:
        cloud: the emulated AWS.
        role_arn: the persona's role, path included.
        keys: condition keys of the session: domain and profile.
        region: the team's.
        vpc: the VPC that calls come through; empty: from outside.

    Raises:
        NobodyError: the role is not there.
    """
    asked = {"role_arn": role_arn, "service": "sagemaker.amazonaws.com", "name": "SageMaker", "keys": dict(keys)}
    given = cloud.ask("session", asked)
    if refused := given.get("refused"):
        raise NobodyError(f"{refused}: deploy the team's stack first")
    return clients(cloud, {name: str(value) for name, value in given.items()}, region, vpc)


def administrator(cloud: Cloud, account: str, role: str, *, region: str) -> Clients:
    """Return the clients of who provisions an account, as the management account may take the role."""
    sts = clients(cloud, MANAGEMENT, region)("sts")
    taken = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/{role}", RoleSessionName="mlz")["Credentials"]
    credentials = {
        "aws_access_key_id": taken["AccessKeyId"],
        "aws_secret_access_key": taken["SecretAccessKey"],
        "aws_session_token": taken["SessionToken"],
    }
    return clients(cloud, credentials, region)


def clients(cloud: Cloud, credentials: Mapping[str, str], region: str, vpc: str = "") -> Clients:
    """Return clients with *credentials* whose calls come through *vpc*; each is made once."""
    made: dict[str, Any] = {}
    session = boto3.Session(region_name=region, **credentials)

    def say_where(request: Any, **_: Any) -> None:  # noqa: ANN401 - botocore's event
        request.headers.add_header(VPC, vpc)

    def client(service: str) -> Any:  # noqa: ANN401 - boto3 ships no types
        if service not in made:
            made[service] = session.client(
                service, endpoint_url=cloud.endpoint, config=Config(retries={"max_attempts": 2, "mode": "standard"})
            )
            if vpc:
                made[service].meta.events.register("before-sign.*", say_where)
        return made[service]

    return client
