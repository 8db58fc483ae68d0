"""Who takes part in the journeys: people in Studio and containers of a team, another team's, and somebody outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.config import Config

from local.authority.network import HEADER, PLAIN
from local.cloud import Cloud
from zone import names

REGION = "eu-west-1"
QUICK = Config(retries={"max_attempts": 0}, parameter_validation=True)

PEOPLE = ("data-scientist", "ml-engineer", "reviewer", "operator")
JOBS = ("processing", "training", "tuning", "transform", "endpoint", "ingestion", "pipeline")
OUTSIDE = "data scientist outside"
"""The data scientist's Studio credentials, used from outside the network: as if somebody had copied them."""
OUTSIDE_JOB = "ingestion outside"
"""An ingestion job's credentials, used from outside the network."""
PORTAL = "data scientist at the portal"
"""The data scientist in the office, signed in by Identity Center, not in Studio yet."""
OTHER = "other team's data scientist"
OTHER_ENGINEER = "other team's ml engineer"
OTHER_JOB = "other team's training"
OTHERS = (OTHER, OTHER_ENGINEER, OTHER_JOB)
NEXT_USERS = ("prod's endpoint", "prod's transform")
NEXT_OTHER = "administrator of prod's other team"
"""Somebody with AdministratorAccess in the account of another team of prod."""
NEXT = (
    *("prod's ml engineer", "prod's pipeline", *NEXT_USERS, "prod's data scientist", "prod's reviewer"),
    NEXT_OTHER,
)
"""The same team in prod, which dev promotes a model to, and a stranger there."""
ADMINISTRATOR = "administrator of the account"
"""Somebody with AdministratorAccess in the team's account, made by hand; not the provisioning role."""
OUTSIDE_ADMINISTRATOR = "administrator outside"
PLATFORM_ADMINISTRATOR = "administrator of the platform"
WIDE = "every right within the boundary"
"""A role that carries the zone's boundary, and AdministratorAccess."""
WIDE_OUTSIDE = "the same, outside"
PREVIEW = "preview of a pull request"
"""The role under which a pull request's preview works, in the team's account; it comes from CI."""
STRANGER = "stranger"
"""An administrator of an account outside the organisation."""
ADMINISTRATORS = (ADMINISTRATOR, OUTSIDE_ADMINISTRATOR, PLATFORM_ADMINISTRATOR, WIDE, WIDE_OUTSIDE, PREVIEW, STRANGER)


@dataclass
class Team:
    """One team's account after `up`."""

    key: str
    account: str
    members: Mapping[str, str]
    """Persona's role stem → user profile."""
    users: Mapping[str, str]
    """Persona's role stem → user name in the directory."""
    contract: Mapping[str, str]
    """What the stack publishes under /mlz/v1."""
    types: Mapping[str, Sequence[str]]
    """Use → instance types it declares."""

    @property
    def name(self) -> str:
        """The team."""
        return self.key.partition("-")[2]

    @property
    def subnets(self) -> list[str]:
        """Its subnets."""
        return self.contract["network/subnet-ids"].split(",")

    @property
    def network(self) -> dict[str, list[str]]:
        """VpcConfig of its jobs and models."""
        return {"Subnets": self.subnets, "SecurityGroupIds": [self.contract["network/security-group-id"]]}

    def bucket(self, purpose: str) -> str:
        """One of its buckets."""
        return self.contract[f"buckets/{purpose}"]

    def key_arn(self, purpose: str) -> str:
        """One of its keys."""
        return self.contract[f"keys/{purpose}"]

    def role(self, stem: str) -> str:
        """One of its roles."""
        return names.role_arn(self.account, stem)


@dataclass
class Caller:
    """A person or a container with its credentials, in its network."""

    title: str
    stem: str
    team: Team
    vpc: str
    """The VPC its calls come through; empty: from outside."""
    cloud: Cloud
    credentials: Mapping[str, str]
    made: dict[str, Any] = field(default_factory=dict)

    @property
    def profile(self) -> str:
        """The person's user profile."""
        return self.team.members[self.stem]

    @property
    def slug(self) -> str:
        """Its title as part of a name."""
        return self.title.replace(" ", "-").replace("'", "")

    def client(
        self,
        service: str,
        credentials: Mapping[str, str] | None = None,
        *,
        region: str = REGION,
        plain: bool = False,
        outside: bool = False,
    ) -> Any:
        """A client of boto3 with the caller's credentials, or with those of a role it has taken."""
        headers = {**({HEADER: self.vpc} if self.vpc and not outside else {}), **({PLAIN: "yes"} if plain else {})}
        return client(self.cloud, service, credentials or self.credentials, headers, region)

    def taking(self, role_arn: str) -> Mapping[str, str]:
        """Credentials of another role, taken by the caller."""
        taken = self.client("sts").assume_role(RoleArn=role_arn, RoleSessionName=self.stem, SourceIdentity=self.stem)
        return keyword_arguments(taken["Credentials"])


def client(
    cloud: Cloud,
    service: str,
    credentials: Mapping[str, str],
    headers: Mapping[str, str] | None = None,
    region: str = REGION,
) -> Any:
    """A client that says how its calls come: through which VPC, and whether without TLS."""
    made = boto3.client(service, endpoint_url=cloud.endpoint, region_name=region, config=QUICK, **credentials)

    def say(request: Any, **_: Any) -> None:
        for name, value in (headers or {}).items():
            request.headers.add_header(name, value)

    made.meta.events.register("before-sign.*", say)
    return made


def keyword_arguments(credentials: Mapping[str, str]) -> dict[str, str]:
    """What STS gives, as boto3 takes it."""
    return {
        "aws_access_key_id": credentials["AccessKeyId"],
        "aws_secret_access_key": credentials["SecretAccessKey"],
        "aws_session_token": credentials["SessionToken"],
    }


def studio_session(cloud: Cloud, team: Team, stem: str) -> dict[str, str]:
    """Credentials that Studio gives a person: the persona's role, with the domain's and the profile's names."""
    keys = {"sagemaker:DomainId": team.contract["studio/domain-id"], "sagemaker:UserProfileName": team.members[stem]}
    return given(cloud, team.role(stem), keys)


def given(cloud: Cloud, role_arn: str, keys: Mapping[str, str] | None = None) -> dict[str, str]:
    """Credentials that SageMaker gives a container."""
    asked = {"role_arn": role_arn, "service": "sagemaker.amazonaws.com", "name": "SageMaker", "keys": keys or {}}
    answer = cloud.ask("session", asked)
    assert "refused" not in answer, answer
    return {name: str(value) for name, value in answer.items()}


def signed_in(cloud: Cloud, team: Team, stem: str) -> dict[str, str]:
    """Credentials that a person gets in Identity Center's portal."""
    chosen = {"user": team.users[stem], "account": team.account, "permission_set": names.permission_set(stem)}
    answer = cloud.ask("portal", chosen)
    assert "refused" not in answer, answer
    return {name: str(value) for name, value in answer.items()}
