"""A team stack: everything one ML team has in one environment. Runs in the team's account."""

import pulumi

from accounts import names
from accounts.endpoints import endpoint_policy
from accounts.zone import KEY_PURPOSES, TeamPlan
from components.bucket import Bucket, BucketArgs
from components.budget import Budget, BudgetArgs
from components.contract import Contract, ContractArgs
from components.keys import Keys, KeysArgs
from components.network import Network, NetworkArgs
from components.outside import of_shares
from components.provider import provider

SERVICE_SIDE_ROLES = ("ingestion", "pipeline")
"""Roles that only SageMaker assumes and that work from its own network, not from a team's: Feature Store writing the
offline store, Pipelines reading its definition."""


def team_stack(plan: TeamPlan) -> None:
    """Register one team's network, keys, buckets, budget and contract."""
    account, team = plan.account, plan.team
    home = provider(
        account.key, account_id=account.account_id, role=account.role, region=account.region, tags=account.tags
    )
    there = pulumi.ResourceOptions(provider=home)
    outside = {"data": of_shares(plan.shares_out)}

    network = Network(
        team,
        NetworkArgs(
            account_key=account.key,
            region=account.region,
            layout=plan.network,
            endpoints=plan.endpoints,
            endpoint_policies={
                endpoint.key: endpoint_policy(
                    endpoint.key,
                    organization_id=plan.organization_id,
                    account_id=account.account_id,
                    region=account.region,
                )
                for endpoint in plan.endpoints
                if endpoint.policy_supported
            },
            distributed=plan.max_instances_per_job > 1,
        ),
        opts=there,
    )
    keys = Keys(
        team,
        KeysArgs(
            account_key=account.key,
            account_id=account.account_id,
            region=account.region,
            provisioning_role=account.role,
            outside=outside,
            purposes=KEY_PURPOSES,
            deletion_days=plan.key_deletion_days,
            disposable=account.disposable,
        ),
        opts=there,
    )
    buckets = {
        purpose: Bucket(
            f"{team}-{purpose}",
            BucketArgs(
                bucket_name=names.bucket(account.key, purpose, account.account_id),
                account_id=account.account_id,
                organization_id=plan.organization_id,
                key_arn=keys.arns[purpose],
                provisioning_role=account.role,
                service_role_arns=[names.role_arn(account.account_id, role) for role in SERVICE_SIDE_ROLES],
                outside=outside.get(purpose, ()),
                disposable=account.disposable,
            ),
            opts=there,
        )
        for purpose in names.BUCKET_PURPOSES
    }
    Budget(team, BudgetArgs(limit_usd_per_month=account.budget_usd_per_month, email=account.owner), opts=there)
    Contract(
        team,
        ContractArgs(
            values={
                "network/vpc-id": network.vpc_id,
                "network/subnet-ids": pulumi.Output.all(*network.subnet_ids.values()).apply(",".join),
                "network/security-group-id": network.workload_security_group_id,
                **{f"keys/{purpose}": arn for purpose, arn in keys.arns.items()},
                **{f"buckets/{purpose}": bucket.name for purpose, bucket in buckets.items()},
            }
        ),
        opts=there,
    )
