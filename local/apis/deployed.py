"""What a deployment of an API holds: later changes of the API, of its policy too, are not in it."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from moto.apigateway.models import apigateway_backends


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """An API as it was deployed."""

    policy: str | None
    """Its resource policy."""

    methods: Mapping[tuple[str, str], Any]
    """moto's methods by verb and path: POST, /invocations."""

    validated: frozenset[str]
    """Its validators that look at a request's parameters."""


@dataclass(frozen=True, kw_only=True)
class Api:
    """An API and who owns it."""

    account: str
    region: str
    record: Any
    """moto's."""

    @property
    def private(self) -> bool:
        """Whether it answers in networks only."""
        return "PRIVATE" in self.record.endpoint_configuration["types"]

    def stage(self, name: str) -> tuple[Any, Deployed] | None:
        """Return moto's stage, and what it answers with; None: there is none."""
        stage = self.record.stages.get(name)
        kept = DEPLOYED.get((self.account, self.region, self.record.id, stage.deployment_id)) if stage else None
        return (stage, kept) if kept else None


DEPLOYED: Final[dict[tuple[str, str, str, str], Deployed]] = {}
"""(account, region, API, deployment) → what it holds."""


def keep(account: str, region: str, api_id: str) -> None:
    """Keep what has just been deployed."""
    record = apigateway_backends[account][region].apis[api_id]
    methods = {
        (verb, resource.get_path()): copy.deepcopy(method)
        for resource in record.resources.values()
        for verb, method in resource.resource_methods.items()
    }
    validated = {key for key, each in record.request_validators.items() if each.validate_request_parameters}
    DEPLOYED[account, region, api_id, next(reversed(record.deployments))] = Deployed(
        policy=record.policy or None, methods=methods, validated=frozenset(validated)
    )


def find(api_id: str, region: str) -> Api | None:
    """Return an API by its id, whoever owns it."""
    for account, regions in list(apigateway_backends.items()):
        if region in regions and api_id in regions[region].apis:
            return Api(account=account, region=region, record=regions[region].apis[api_id])
    return None


def policy_of(account: str, region: str, name: str) -> str | None:
    """Return the policy of a stage as it is deployed; *name*: what an ARN of execute-api ends in, api/stage/…."""
    api_id, stage, *_ = (*name.split("/"), "")
    api = find(api_id, region)
    found = api.stage(stage) if api and api.account == account else None
    return found[1].policy if found else None
