"""What AWS itself enforces in the accounts, whatever their roles and resources say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from zone.guardrails.enforcement import OrganizationPolicy
from zone.guardrails.packing import text
from zone.names import UNASSIGNED_ORGANIZATION


@dataclass(frozen=True, kw_only=True)
class GuardrailsArgs:
    """Inputs of Guardrails."""

    policies: Sequence[OrganizationPolicy]
    """The policies and what each is attached to. Plain: they decide which resources exist."""

    targets: Mapping[str, pulumi.Input[str]]
    """Id by "root", OU path or account key."""

    organization_id: pulumi.Input[str]
    """Id of the organisation: takes the place of the plan's stand-in."""

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
            policy.key: aws.organizations.Policy(
                f"{name}-{policy.key}",
                name=f"mlz-{policy.key}",
                description=policy.description,
                type=policy.type.value,
                content=_content(policy, args.organization_id),
                opts=child.merge(pulumi.ResourceOptions(depends_on=[args.organization])),
            )
            for policy in args.policies
        }
        for policy in args.policies:
            for target in policy.targets:
                aws.organizations.PolicyAttachment(
                    f"{name}-{policy.key}-{target}",
                    policy_id=policies[policy.key].id,
                    target_id=args.targets[target],
                    opts=child,
                )

        self.policy_ids = {key: policy.id for key, policy in policies.items()}
        self.register_outputs({"policy_ids": self.policy_ids})


def _content(policy: OrganizationPolicy, organization_id: pulumi.Input[str]) -> pulumi.Input[str]:
    """The policy's text; known before `up` unless it names an organisation that is only being made."""
    content = text(policy.document)
    if UNASSIGNED_ORGANIZATION not in content:
        return content
    return pulumi.Output.from_input(organization_id).apply(lambda id_: content.replace(UNASSIGNED_ORGANIZATION, id_))
