"""Creations that a killed run left unfinished: which of them exist in AWS, and under what id.

A killed engine leaves a resource as "pending": asked for, answer unknown. `pulumi up` would make it again: a
named one then fails as already existing, another exists twice. `pulumi refresh --import-pending-creates` of
Pulumi 3.259 drops what it should import (tried 2026-11-21). So the state is edited: the pending resource goes
among the others with the id it has if it exists (local.ids), and a refresh then reads it, or drops it because
it never came to be.
"""

import json
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from local.errors import LocalError
from local.ids import find_id

State = dict[str, Any]


class PendingError(LocalError):
    """What a killed run left can't be found out now; the text is for the user."""


def adopt(deployment: State, env: Mapping[str, str]) -> list[str]:
    """Move pending creations of *deployment* among its resources, where they have or may have an id.

    Args:
        deployment: as `pulumi stack export` gives it; changed in place.
        env: the environment of pulumi, for credentials and endpoint.

    Returns:
        URNs of which nobody can say whether they exist.

    Raises:
        PendingError: AWS couldn't be asked.
    """
    unknown: list[str] = []
    taken = {(resource["type"], resource.get("id")) for resource in deployment["resources"]}
    known = {resource["urn"] for resource in deployment["resources"]}
    for operation in deployment.pop("pending_operations", None) or []:
        resource = operation["resource"]
        if operation["type"] != "creating":
            continue  # what was being changed or deleted is in the state; up does that again
        if not resource.get("custom") or resource["type"].startswith("pulumi:"):
            continue  # lives in the engine only
        if resource["urn"] in known:
            unknown.append(resource["urn"])  # its successor: the state has room for one of a name
            continue
        access = Access(deployment["resources"], resource["provider"], env)
        try:
            found = find_id(resource["type"], resource["inputs"], access, taken)
        except LookupError:
            unknown.append(resource["urn"])
            continue
        except (BotoCoreError, ClientError) as error:
            raise PendingError(f"can't look for {resource['urn']}, which may exist: {error}") from error
        if found is not None:
            deployment["resources"].append({**resource, "id": found})
    return unknown


def unread(deployment: State) -> list[str]:
    """URNs of adopted resources that no refresh has read yet, be it that one was killed or failed too."""
    return [
        resource["urn"]
        for resource in deployment.get("resources") or []
        if resource["type"].startswith("aws:") and resource.get("id") and not resource.get("outputs")
    ]


class Access:
    """AWS as one provider of the state sees it: its account, region and role."""

    def __init__(self, resources: list[State], reference: str, env: Mapping[str, str]) -> None:
        urn, _, provider_id = reference.rpartition("::")
        inputs: State = next(
            (
                resource["inputs"]
                for resource in resources
                if (resource["urn"], resource.get("id")) == (urn, provider_id)
            ),
            {},
        )
        self.env = env
        self.region: str = inputs.get("region") or env.get("AWS_REGION", "us-east-1")
        self._roles = json.loads(inputs.get("assumeRoles") or "[]")
        self._keys: dict[str, str] | None = None
        self._account: str | None = None

    @property
    def account(self) -> str:
        """The provider's account [12 digits]."""
        if self._account is None:
            self._account = str(self.client("sts").get_caller_identity()["Account"])
        return self._account

    def client(self, service: str, region: str | None = None) -> Any:  # noqa: ANN401 - boto3 ships no types
        """A boto3 client of *service* with the provider's credentials."""
        if self._keys is None:
            self._keys = self._credentials()
        return self._client(service, region or self.region, self._keys)

    def _client(self, service: str, region: str, keys: dict[str, str]) -> Any:  # noqa: ANN401 - boto3 ships no types
        endpoint = self.env.get("AWS_ENDPOINT_URL")
        return boto3.client(service, region_name=region, endpoint_url=endpoint, **keys)

    def _credentials(self) -> dict[str, str]:
        """The environment's keys, exchanged for those of the provider's role."""
        keys = {}
        if "AWS_ACCESS_KEY_ID" in self.env:
            keys = {
                "aws_access_key_id": self.env["AWS_ACCESS_KEY_ID"],
                "aws_secret_access_key": self.env.get("AWS_SECRET_ACCESS_KEY", ""),
            }
            if "AWS_SESSION_TOKEN" in self.env:
                keys["aws_session_token"] = self.env["AWS_SESSION_TOKEN"]
        for role in self._roles:
            wanted = {"RoleArn": role.get("role_arn") or role.get("roleArn"), "RoleSessionName": "mlz-mend"}
            external = role.get("external_id") or role.get("externalId")
            given = self._client("sts", self.region, keys).assume_role(
                **wanted, **({"ExternalId": external} if external else {})
            )["Credentials"]
            keys = {
                "aws_access_key_id": given["AccessKeyId"],
                "aws_secret_access_key": given["SecretAccessKey"],
                "aws_session_token": given["SessionToken"],
            }
        return keys
