"""The published contract: what workloads need to know of the zone, as SSM parameters under one path."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from zone import names


@dataclass(frozen=True, kw_only=True)
class ContractArgs:
    """Inputs of Contract."""

    values: Mapping[str, pulumi.Input[str]]
    """Value by path below /mlz/v1, e.g. network/vpc-id. Never a secret: anyone in the account may read them."""


class Contract(pulumi.ComponentResource):
    """SSM parameters under /mlz/v1: a path once published keeps its meaning, another meaning is v2."""

    paths: Mapping[str, pulumi.Output[str]]
    """Full parameter name by path."""

    def __init__(self, name: str, args: ContractArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Contract", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)

        parameters = {
            path: aws.ssm.Parameter(
                f"{name}-{path}",
                name=names.ssm_path(path),
                type="String",
                value=value,
                opts=child.merge(pulumi.ResourceOptions(delete_before_replace=True)),
            )
            for path, value in args.values.items()
        }

        self.paths = {path: parameter.name for path, parameter in parameters.items()}
        self.register_outputs({"paths": self.paths})
