"""A team's identities: a role per persona and per kind of job, compiled from what the team declares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import words
from components.access.arns import policy_arn, role_arn
from components.access.grants.place import Place
from components.access.grants.regions import Site, further_place
from components.access.grants.roles import oversized, roles, statements
from components.access.grants.statement import policy_json, trust_sagemaker
from components.access.team import DATA_CLASSES, SHARE_KINDS, USES, Team
from zone import names


@dataclass(frozen=True, kw_only=True)
class IdentityArgs:
    """Inputs of Identity."""

    team: Team
    """What the team declares. Plain: it decides which roles exist and what they may do."""

    boundary_arn: pulumi.Input[str]
    """The permission boundary every role carries."""

    subnet_ids: Sequence[pulumi.Input[str]]
    """Private subnets: the only ones a job may run in."""

    security_group_id: pulumi.Input[str]
    """Security group of the workloads: the only one a job may carry."""

    key_arns: Mapping[str, pulumi.Input[str]]
    """KMS key by purpose."""

    further: Mapping[str, Site]
    """What the team has in each of its further regions, by region. Plain: it decides what policies name."""


class Identity(pulumi.ComponentResource):
    """Roles for people and jobs; each grant is a managed policy, attached to every role that has it."""

    role_arns: Mapping[str, pulumi.Output[str]]
    """ARN by role: data-scientist, training …; complete only when its policies are attached."""

    def __init__(self, name: str, args: IdentityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlz:index:Identity", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        named = child.merge(pulumi.ResourceOptions(delete_before_replace=True))

        place = Place(
            team=args.team,
            subnet_ids=args.subnet_ids,
            security_group_id=args.security_group_id,
            key_arns=args.key_arns,
        )
        further = [further_place(args.team, region, site) for region, site in args.further.items()]
        _check(args)
        granted = roles(args.team)
        if too_big := oversized(args.team):
            raise pulumi.RunError("\n".join(f"{args.team.account_key}: {line}" for line in too_big))
        account_id = args.team.account_id
        policies = {
            grant: aws.iam.Policy(
                f"{name}-{grant}",
                name=names.role(grant),
                path=names.PATH,
                policy=policy_json(statements(grant, place, further)),
                opts=named,
            )
            for grant in sorted({grant for grants in granted.values() for grant in grants})
        }
        arns = {}
        for role, grants in granted.items():
            made = aws.iam.Role(
                f"{name}-{role}",
                name=names.role(role),
                path=names.PATH,
                permissions_boundary=args.boundary_arn,
                assume_role_policy=pulumi.Output.json_dumps(trust_sagemaker(account_id)),
                opts=named,
            )
            attachments = [
                aws.iam.RolePolicyAttachment(
                    f"{name}-{role}-{grant}",
                    role=made.name,
                    policy_arn=policy_arn(policies[grant], account_id),
                    opts=child,
                )
                for grant in grants
            ]
            arns[role] = role_arn(made, account_id, *attachments)

        self.role_arns = arns
        self.register_outputs({"role_arns": arns})


def _check(args: IdentityArgs) -> None:
    """Refuse words that would silently give more, or less, than was meant."""
    team = args.team
    words.among(names.PERSONA_ROLES.values(), persona=team.personas)
    words.among(USES, use_of_instance_types=team.instance_types)
    words.among(DATA_CLASSES, data_class=[team.data_class])
    words.among(SHARE_KINDS, kind_of_share=(share.kind for share in team.reads))
    words.among(args.key_arns, key_of_purpose=names.BUCKET_PURPOSES)
    words.among(team.further_regions, region_of_further=args.further)
    words.among(args.further, further_region=team.further_regions)
    words.names(
        team=[team.name, *(share.team for share in team.reads)],
        account=[
            team.account_key,
            *(share.account_key for share in team.reads),
            *(each.account_key for each in team.promoted),
        ],
        data_set=team.datasets,
        feature_group=team.feature_groups,
        model=[*team.models, *(each.model for each in team.promoted)],
        metadata=team.provenance,
        stage=(stage for stages in team.stages.values() for stage in stages),
        share=(share.name for share in team.reads),
    )
