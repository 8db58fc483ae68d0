"""Builds one component the way that shows mistakes: under a parent that carries the provider."""

import json
from collections.abc import Callable
from typing import Any

import pulumi

from checks.record import Recorded, Recording, record
from components.account.provider import provider


def built(build: Callable[[pulumi.ResourceOptions], Any], account_id: str = "111111111111") -> Recording:
    def under_a_parent() -> None:
        home = provider("home", account_id=account_id, role="Deploy", region="eu-west-1", tags={"mlz:owner": "me"})
        outer = pulumi.ComponentResource("test:index:Outer", "outer", {}, pulumi.ResourceOptions(provider=home))
        build(pulumi.ResourceOptions(parent=outer))

    return record(under_a_parent)


def document(resource: Recorded, key: str = "policy") -> dict[str, dict[str, Any]]:
    """Statements by sid of a policy among a resource's inputs."""
    return {s.get("Sid", str(i)): s for i, s in enumerate(json.loads(resource.inputs[key])["Statement"])}
