"""What AWS itself enforces in the accounts, whatever their roles and resources say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class PolicyArgs:
    """One policy of the organisation."""

    type: str
    """Organizations' policy type, e.g. SERVICE_CONTROL_POLICY."""

    description: str
    """What it is for."""

    content: pulumi.Input[str]
    """The document as JSON."""

    targets: Sequence[str]
    """What it is attached to: "root", OU paths, account keys."""


@dataclass(frozen=True, kw_only=True)
class GuardrailsArgs:
    """Inputs of Guardrails."""

    policies: Mapping[str, PolicyArgs]
    """The policies by key. Plain but for their content: they decide which resources exist."""

    targets: Mapping[str, pulumi.Input[str]]
    """Id by "root", OU path or account key."""

    organization: pulumi.Resource
    """The organisation: no policy can be made before it is there."""


class Guardrails(pulumi.ComponentResource):
    """Service control, resource control, tag and EC2 policies, attached."""

    policy_ids: Mapping[str, pulumi.Output[str]]
    """Policy id by key."""

    def __init__(self, name: str, args: GuardrailsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Guardrails", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)

        policies = {
            key: aws.organizations.Policy(
                f"{name}-{key}",
                name=f"mlz-{key}",
                description=policy.description,
                type=policy.type,
                content=policy.content,
                opts=child.merge(pulumi.ResourceOptions(depends_on=[args.organization], delete_before_replace=True)),
            )
            for key, policy in args.policies.items()
        }
        for key, policy in args.policies.items():
            for target in policy.targets:
                aws.organizations.PolicyAttachment(
                    f"{name}-{key}-{target}",
                    policy_id=policies[key].id,
                    target_id=args.targets[target],
                    opts=child,
                )

        self.policy_ids = {key: policy.id for key, policy in policies.items()}
        self.register_outputs({"policy_ids": self.policy_ids})
