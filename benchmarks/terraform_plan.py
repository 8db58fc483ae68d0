"""Our resources → the Terraform plan that would make them: `terraform show -json` as Checkov reads it.

Equivalent means: one Terraform resource for each of ours, the type Terraform gives it, the same values under the same
names in snake_case, each nested object a block (a list of one) as plans have it, each policy JSON text, every default
left out on both sides. Not covered: a few names that Pulumi's bridge made plural or renamed, and references (both
lists are flat), so the verdicts are comparable in number, not one by one: this is for the clock.
"""

import json
import re
from collections.abc import Sequence

from policies.rules import Resource

IRREGULAR = {
    "aws:alb/listener:Listener": "aws_alb_listener",
    "aws:apigateway/method:Method": "aws_api_gateway_method",
    "aws:apigateway/methodSettings:MethodSettings": "aws_api_gateway_method_settings",
    "aws:apigateway/stage:Stage": "aws_api_gateway_stage",
    "aws:cloudtrail/trail:Trail": "aws_cloudtrail",
    "aws:ec2transitgateway/transitGateway:TransitGateway": "aws_ec2_transit_gateway",
    "aws:lb/loadBalancer:LoadBalancer": "aws_lb",
    "aws:rds/instance:Instance": "aws_db_instance",
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": "aws_s3_account_public_access_block",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
        "aws_s3_bucket_server_side_encryption_configuration"
    ),
    "aws:sns/topicSubscription:TopicSubscription": "aws_sns_topic_subscription",
}
UNPREFIXED = {"ec2"}
"""Modules whose name Terraform's types mostly leave out: aws:ec2/vpc:Vpc is aws_vpc."""
MAPS = {"tags", "tags_all", "variables", "default_arguments", "dimensions"}
"""Properties that are maps of texts in Terraform too, so no blocks."""


def type_name(token: str) -> str | None:
    """Terraform's name for a type token of pulumi-aws; None for what it has no resource for."""
    if not token.startswith("aws:"):
        return None
    if token in IRREGULAR:
        return IRREGULAR[token]
    _, module, name = token.split(":")
    module = module.partition("/")[0]
    return f"aws_{snake(name)}" if module in UNPREFIXED else f"aws_{module}_{snake(name)}"


def plan(resources: Sequence[Resource]) -> dict:
    """The plan that creates *resources*; every one must have a Terraform type."""
    made = []
    for number, resource in enumerate(resources):
        type_ = type_name(resource.type)
        name = f"case_{number}"
        made.append(
            {
                "address": f"{type_}.{name}",
                "mode": "managed",
                "type": type_,
                "name": name,
                "provider_name": "registry.terraform.io/hashicorp/aws",
                "values": {snake(key): value(snake(key), inner) for key, inner in resource.props.items()},
            }
        )
    named = [{key: each[key] for key in ("address", "mode", "type", "name", "provider_name")} for each in made]
    return {
        "format_version": "1.2",
        "terraform_version": "1.9.8",
        "planned_values": {"root_module": {"resources": made}},
        "resource_changes": [
            {**names, "change": {"actions": ["create"], "before": None, "after": each["values"], "after_unknown": {}}}
            for names, each in zip(named, made, strict=True)
        ],
        "configuration": {
            "root_module": {"resources": [{**names, "expressions": {}, "schema_version": 0} for names in named]}
        },
    }


def value(key: str, given):
    """A property's value as a plan writes it."""
    if isinstance(given, dict):
        if "Statement" in given:
            return json.dumps(given)
        return given if key in MAPS else [block(given)]
    if isinstance(given, list):
        return [block(each) if isinstance(each, dict) else each for each in given]
    return given


def block(given: dict) -> dict:
    """The inside of a block."""
    return {snake(key): value(snake(key), inner) for key, inner in given.items()}


def snake(name: str) -> str:
    """camelCase → snake_case."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
