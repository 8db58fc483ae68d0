"""What a team's stack stands on: its network and its buckets."""

from collections.abc import Mapping, Sequence

import pulumi

from components.access.outside import Outside
from components.encryption.keys import Keys
from components.network.existing import ExistingNetwork, ExistingNetworkArgs
from components.network.network import Network, NetworkArgs
from components.storage.bucket import Bucket, BucketArgs
from stacks.inputs import endpoints_of
from stacks.spoke import beyond
from zone import names
from zone.plan.zone import TeamPlan


def team_network(plan: TeamPlan, there: pulumi.ResourceOptions) -> Network | ExistingNetwork:
    """The team's own network, or our groups in one that is there."""
    account, existing = plan.account, plan.network.existing
    distributed = plan.max_instances_per_job > 1
    if existing:
        return ExistingNetwork(
            plan.team,
            ExistingNetworkArgs(
                account_key=account.key,
                vpc_id=existing.vpc_id,
                subnet_ids=existing.subnet_ids,
                endpoint_security_group_id=existing.endpoint_security_group_id,
                prefix_list_ids=existing.prefix_list_ids,
                distributed=distributed,
            ),
            opts=there,
        )
    return Network(
        plan.team,
        NetworkArgs(
            account_key=account.key,
            region=account.region,
            cidr=str(plan.network.cidr),
            subnets={zone: str(block) for zone, block in plan.network.subnets.items()},
            endpoints=endpoints_of(plan),
            distributed=distributed,
            beyond=beyond(plan),
        ),
        opts=there,
    )


def team_buckets(
    plan: TeamPlan, keys: Keys, outside: Mapping[str, Sequence[Outside]], there: pulumi.ResourceOptions
) -> dict[str, Bucket]:
    """The team's buckets by purpose."""
    account = plan.account
    return {
        purpose: Bucket(
            f"{plan.team}-{purpose}",
            BucketArgs(
                bucket_name=names.bucket(account.key, purpose, account.account_id),
                account_id=account.account_id,
                organization_id=plan.organization_id,
                key_arn=keys.arns[purpose],
                provisioning_role=account.role,
                service_role_arns=[
                    names.role_arn(account.account_id, role) for role in names.SERVICE_SIDE_ROLES[purpose]
                ],
                outside=outside.get(purpose, ()),
                disposable=account.disposable,
            ),
            opts=there,
        )
        for purpose in names.BUCKET_PURPOSES
    }
