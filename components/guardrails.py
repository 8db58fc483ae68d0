"""Service control policies: what no one in an account can do, whatever its roles say."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from accounts.zone import Guardrail


@dataclass(frozen=True, kw_only=True)
class GuardrailsArgs:
    """Inputs of Guardrails."""

    guardrails: Sequence[Guardrail]
    """The policies and what each is attached to. Plain: they decide which resources exist."""

    targets: Mapping[str, pulumi.Input[str]]
    """Id by "root", OU path or account key."""

    organization: pulumi.Resource
    """The organisation: no policy can be made before it is there."""


class Guardrails(pulumi.ComponentResource):
    """Service control policies, attached."""

    policy_ids: Mapping[str, pulumi.Output[str]]
    """Policy id by guardrail key."""

    def __init__(self, name: str, args: GuardrailsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Guardrails", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)

        policies = {
            guardrail.key: aws.organizations.Policy(
                f"{name}-{guardrail.key}",
                name=f"mlz-{guardrail.key}",
                description=guardrail.description,
                type="SERVICE_CONTROL_POLICY",
                # Blanks count against AWS's limit of 10,240 characters.
                content=json.dumps(guardrail.document, separators=(",", ":")),
                opts=child.merge(pulumi.ResourceOptions(depends_on=[args.organization])),
            )
            for guardrail in args.guardrails
        }
        for guardrail in args.guardrails:
            for target in guardrail.targets:
                aws.organizations.PolicyAttachment(
                    f"{name}-{guardrail.key}-{target}",
                    policy_id=policies[guardrail.key].id,
                    target_id=args.targets[target],
                    opts=child,
                )

        self.policy_ids = {key: policy.id for key, policy in policies.items()}
        self.register_outputs({"policy_ids": self.policy_ids})
