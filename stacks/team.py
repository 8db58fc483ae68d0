"""A team stack: everything one ML team has in one environment. Runs in the team's account."""

import pulumi

from components.access.boundary import Boundary, BoundaryArgs
from components.access.entry import Entry, EntryArgs
from components.access.grants.place import Place
from components.access.identity import Identity, IdentityArgs
from components.access.outside import of_promotions, of_shares
from components.access.preview import Preview
from components.account.budget import Budget, BudgetArgs
from components.account.contract import Contract, ContractArgs
from components.encryption.keys import Keys, KeysArgs
from components.ml.features import Features, FeaturesArgs
from components.ml.models import Models, ModelsArgs
from components.ml.queries import Queries, QueriesArgs
from components.ml.sdk_defaults import sdk_defaults
from components.ml.studio import Studio, StudioArgs
from components.network.flow_logs import FlowLogs, FlowLogsArgs
from components.network.network import Network
from stacks.ground import team_buckets, team_network
from stacks.images import published_images, team_builds, team_studio_images
from stacks.inputs import (
    catalogs_of,
    feature_groups_of,
    home_of,
    preview_of,
    profiles_of,
    readers_of,
    takers_of,
    team_of,
)
from stacks.reach import job_variables, partners, published, remote_mlflow, tracking_parameter
from stacks.regions import copy_images, fill, grounds
from stacks.scheduled import team_schedules
from stacks.serving import serve, serve_over_http
from stacks.spoke import attach, beyond
from zone import names, platform_names
from zone.plan.keys import key_purposes
from zone.plan.mlflow import MlflowPlan
from zone.plan.zone import TeamPlan

QUERY_SCAN_GB = 1000
"""Most that one query scans [GB]: 5 USD in eu-west-1, where Athena bills 5 USD a TB (price list of 2025-04-15)."""


def team_stack(plan: TeamPlan, *, reading: bool = False) -> None:
    """Register one team's network, keys, buckets, identities, Studio, features, models, budget and contract.

    Args:
        plan: what the team has.
        reading: work under the role that only reads, as pull requests' previews do.
    """
    account, team = plan.account, plan.team
    there = pulumi.ResourceOptions(provider=home_of(account, reading=reading))
    shares = readers_of(plan)
    takers = takers_of(plan)
    outside = {"data": of_shares(shares), "models": of_promotions(takers)}

    boundary = Boundary(
        team,
        BoundaryArgs(
            account_id=account.account_id,
            regions=[account.region, *account.further_regions],
            partner_account_ids=partners(plan),
            databases=False,
            managed_mlflow=isinstance(plan.mlflow, MlflowPlan),
            promoting_account_ids=sorted({each.owner_account_id for each in plan.promotions_in}),
        ),
        opts=there,
    )
    network = team_network(plan, there)
    further = grounds(plan, there)
    subnet_ids = list(network.subnet_ids.values())
    keys = Keys(
        team,
        KeysArgs(
            account_key=account.key,
            account_id=account.account_id,
            region=account.region,
            provisioning_role=account.role,
            outside=outside,
            purposes=key_purposes(plan),
            deletion_days=plan.key_deletion_days,
            disposable=account.disposable,
            kept=("studio",) if plan.keep_home else (),
        ),
        opts=there,
    )
    if plan.network.existing is None:  # else they are the network team's too
        FlowLogs(
            team,
            FlowLogsArgs(
                account_key=account.key,
                account_id=account.account_id,
                region=account.region,
                network="",
                vpc_id=network.vpc_id,
                key_arn=keys.arns["logs"],
                boundary_arn=boundary.arn,
                retention_days=plan.log_retention_days,
                disposable=account.disposable,
                further=False,
            ),
            opts=there,
        )
    if isinstance(network, Network):
        attach(plan, network, there, reading=reading)
    buckets = team_buckets(plan, keys, outside, there)
    identity = Identity(
        team,
        IdentityArgs(
            team=team_of(plan),
            boundary_arn=boundary.arn,
            subnet_ids=subnet_ids,
            security_group_id=network.workload_security_group_id,
            key_arns=keys.arns,
            further={region: ground.site for region, ground in further.items()},
        ),
        opts=there,
    )
    copy_images(plan, [fill(plan, ground, boundary.arn, identity.role_arns) for ground in further.values()], there)
    studio = Studio(
        team,
        StudioArgs(
            account_key=account.key,
            auth_mode=plan.studio_auth,
            profiles=profiles_of(plan),
            shared_spaces=plan.studio.shared_spaces,
            instance_types=plan.instance_types.notebook,
            space_storage_gb=plan.studio.space_storage_gb,
            idle_minutes=plan.studio.idle_minutes,
            keep_home=plan.keep_home,
            disposable=account.disposable,
            vpc_id=network.vpc_id,
            subnet_ids=subnet_ids,
            endpoint_security_group_id=network.endpoint_security_group_id,
            beyond=beyond(plan),
            gateway_prefix_list_ids=network.gateway_prefix_list_ids,
            key_arn=keys.arns["studio"],
            role_arns=identity.role_arns,
            sdk_defaults=names.ssm_path(names.SDK_DEFAULTS),
            tracking_uri=tracking_parameter(plan),
            packages=names.ssm_path(platform_names.PACKAGES) if plan.packages else "",
            custom_images=team_studio_images(plan, boundary, there),
        ),
        opts=there,
    )
    remote_mlflow(plan, network, studio, subnet_ids, there)
    if plan.trusted:
        Entry(
            team,
            EntryArgs(
                account_id=account.account_id,
                region=account.region,
                personas=team_of(plan).personas,
                trusted=plan.trusted,
                boundary_arn=boundary.arn,
            ),
            opts=there,
        )
    if plan.feature_groups:
        Features(
            team,
            FeaturesArgs(
                team=team,
                account_id=account.account_id,
                region=account.region,
                groups=feature_groups_of(plan),
                shares=shares,
                disposable=account.disposable,
                bucket_name=buckets["data"].name,
                key_arns=keys.arns,
                provisioning_role=account.role,
                role_arn=identity.role_arns["feature-store"],
                boundary_arn=boundary.arn,
            ),
            opts=there,
        )
    if plan.models:
        Models(
            team,
            ModelsArgs(
                team=team,
                models=plan.models,
                account_id=account.account_id,
                region=account.region,
                provisioning_role=account.role,
                disposable=account.disposable,
                key_arn=keys.arns["models"],
                takers=takers,
            ),
            opts=there,
        )
    place = Place(
        team=team_of(plan),
        subnet_ids=subnet_ids,
        security_group_id=network.workload_security_group_id,
        key_arns=keys.arns,
    )
    endpoints = serve(
        plan, there, place=place, role_arns=identity.role_arns, after=(network, identity, *buckets.values())
    )
    apis = serve_over_http(plan, there, place=place, network=network, endpoints=endpoints, boundary_arn=boundary.arn)
    build = team_builds(
        plan,
        there,
        network=network,
        subnet_ids=subnet_ids,
        keys=keys,
        bucket=buckets["studio"],
        boundary=boundary,
    )
    offline = any(group.offline for group in plan.feature_groups.values())
    catalogs = catalogs_of(plan)
    queries = (
        Queries(
            team,
            QueriesArgs(
                team=team,
                account_id=account.account_id,
                catalogs=catalogs,
                scan_gb=QUERY_SCAN_GB,
                disposable=account.disposable,
                bucket_name=buckets["studio"].name,
                key_arn=keys.arns["studio"],
            ),
            opts=there,
        )
        if offline or catalogs
        else None
    )
    place = Place(
        team=team_of(plan),
        subnet_ids=subnet_ids,
        security_group_id=network.workload_security_group_id,
        key_arns=keys.arns,
    )
    team_schedules(
        plan,
        place,
        there,
        role_arns=identity.role_arns,
        boundary_arn=boundary.arn,
        log_key_arn=keys.arns["logs"],
        bucket_name=buckets["data"].name,
        endpoints=endpoints,
    )
    if preview := preview_of(account, schedules=bool(plan.scheduled), apis=bool(apis)):
        Preview(team, preview, opts=there)
    Budget(team, BudgetArgs(limit_usd_per_month=account.budget_usd_per_month, email=account.owner), opts=there)
    Contract(
        team,
        ContractArgs(
            values={
                "network/vpc-id": network.vpc_id,
                "network/subnet-ids": pulumi.Output.all(*subnet_ids).apply(",".join),
                "network/security-group-id": network.workload_security_group_id,
                "studio/domain-id": studio.domain_id,
                **published(plan),
                names.SDK_DEFAULTS: sdk_defaults(place, job_variables(plan)),
                **published_images(plan, build),
                **{f"apis/{name}": url for name, url in apis.items()},
                **({"athena/workgroup": queries.workgroup_name} if queries else {}),
                **{f"keys/{purpose}": arn for purpose, arn in keys.arns.items()},
                **{f"buckets/{purpose}": bucket.name for purpose, bucket in buckets.items()},
                **{f"roles/{role}": arn for role, arn in identity.role_arns.items()},
            }
        ),
        opts=there,
    )
