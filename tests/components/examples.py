"""One example of each component: what the contract test builds. A component without one fails that test."""

from collections.abc import Callable, Sequence

import pulumi

from components.boundary import Boundary, BoundaryArgs
from components.bucket import Bucket, BucketArgs
from components.budget import Budget, BudgetArgs
from components.contract import Contract, ContractArgs
from components.features import Features, FeaturesArgs
from components.flow_logs import FlowLogs, FlowLogsArgs
from components.guardrails import Guardrails, GuardrailsArgs
from components.identity import Identity, IdentityArgs
from components.keys import Keys, KeysArgs
from components.mlflow import Mlflow, MlflowArgs
from components.models import Models, ModelsArgs
from components.network import Network, NetworkArgs
from components.organization import Organization, OrganizationArgs
from components.outside import of_shares
from components.studio import Studio, StudioArgs
from tests.small_zone import (
    CHURN,
    ENDPOINTS,
    FRAUD,
    NETWORK,
    ORGANIZATION_ID,
    OUTSIDERS,
    POLICY,
    REGION,
    ROLE,
    SHARES,
    TEAM,
    ZONE,
)
from zone.plan.zone import PlatformPlan, Share, TeamPlan

KEY_ARN = f"arn:aws:kms:{REGION}:111111111111:key/00000000-0000-0000-0000-000000000000"
BOUNDARY_ARN = "arn:aws:iam::111111111111:policy/mlz/mlz-boundary"
SUBNETS = {"a": "subnet-a", "b": "subnet-b"}
ROLES = {"data-scientist", "ml-engineer", "reviewer", "operator", "ingestion"}


def boundary(opts: pulumi.ResourceOptions) -> Boundary:
    return Boundary("fraud", BoundaryArgs(account_id="111111111111", partner_account_ids=("333333333333",)), opts)


def budget(opts: pulumi.ResourceOptions) -> Budget:
    return Budget("fraud", BudgetArgs(limit_usd_per_month=500, email="owner@example.com"), opts)


def bucket(opts: pulumi.ResourceOptions, *, disposable: bool = False, shares: Sequence[Share] = SHARES) -> Bucket:
    args = BucketArgs(
        bucket_name="mlz-dev-fraud-data-111111111111",
        account_id="111111111111",
        organization_id=ORGANIZATION_ID,
        key_arn=pulumi.Output.from_input(KEY_ARN),
        provisioning_role=ROLE,
        service_role_arns=["arn:aws:iam::111111111111:role/mlz/mlz-ingestion"],
        outside=of_shares(shares),
        disposable=disposable,
    )
    return Bucket("fraud-data", args, opts)


def contract(opts: pulumi.ResourceOptions) -> Contract:
    return Contract("fraud", ContractArgs(values={"network/vpc-id": pulumi.Output.from_input("vpc-1")}), opts)


def features(opts: pulumi.ResourceOptions, plan: TeamPlan = TEAM) -> Features:
    args = FeaturesArgs(
        plan=plan,
        bucket_name="mlz-dev-fraud-data-111111111111",
        key_arn=KEY_ARN,
        role_arn="arn:aws:iam::111111111111:role/mlz/mlz-ingestion",
        boundary_arn=BOUNDARY_ARN,
    )
    return Features(plan.team, args, opts)


def flow_logs(opts: pulumi.ResourceOptions, *, disposable: bool = False) -> FlowLogs:
    args = FlowLogsArgs(
        account_key="dev-fraud",
        account_id="111111111111",
        region=REGION,
        vpc_id="vpc-1",
        key_arn=KEY_ARN,
        boundary_arn="arn:aws:iam::111111111111:policy/mlz/mlz-boundary",
        retention_days=365,
        disposable=disposable,
    )
    return FlowLogs("fraud", args, opts)


def guardrails(opts: pulumi.ResourceOptions) -> Guardrails:
    targets = {"root": "r-1", "Workloads/Dev": "ou-1", "dev-fraud": "111111111111"}
    made = organization(opts)
    args = GuardrailsArgs(
        policies=[POLICY, OUTSIDERS], targets=targets, organization_id=made.organization_id, organization=made
    )
    return Guardrails("guardrail", args, opts)


def identity(opts: pulumi.ResourceOptions, plan: TeamPlan = TEAM) -> Identity:
    args = IdentityArgs(
        plan=plan,
        boundary_arn=BOUNDARY_ARN,
        subnet_ids=SUBNETS,
        security_group_id=pulumi.Output.from_input("sg-workloads"),
        key_arns=dict.fromkeys(("data", "models", "studio"), KEY_ARN),
    )
    return Identity(plan.team, args, opts)


def keys(opts: pulumi.ResourceOptions, *, disposable: bool = False) -> Keys:
    args = KeysArgs(
        account_key="dev-fraud",
        account_id="111111111111",
        region=REGION,
        provisioning_role=ROLE,
        outside={"data": of_shares(SHARES)},
        online_store=False,
        purposes=("data", "logs"),
        deletion_days=30,
        disposable=disposable,
    )
    return Keys("fraud", args, opts)


def mlflow(opts: pulumi.ResourceOptions, plan: PlatformPlan = ZONE.platforms["dev"]) -> Mlflow:
    args = MlflowArgs(
        plan=plan, bucket_name="mlz-dev-platform-mlflow-333333333333", key_arn=KEY_ARN, boundary_arn=BOUNDARY_ARN
    )
    return Mlflow("platform", args, opts)


def models(opts: pulumi.ResourceOptions, plan: TeamPlan = TEAM) -> Models:
    return Models(plan.team, ModelsArgs(plan=plan, key_arn=KEY_ARN), opts)


def network(opts: pulumi.ResourceOptions, *, distributed: bool = False) -> Network:
    args = NetworkArgs(
        account_key="dev-fraud",
        region=REGION,
        layout=NETWORK,
        endpoints=ENDPOINTS,
        endpoint_policies={"s3": {"Version": "2012-10-17", "Statement": []}},
        distributed=distributed,
    )
    return Network("fraud", args, opts)


def organization(opts: pulumi.ResourceOptions, adopt: dict[str, str] | None = None) -> Organization:
    args = OrganizationArgs(
        organizational_units=("Workloads", "Workloads/Dev"),
        accounts={"dev-fraud": FRAUD, "dev-churn": CHURN},
        adopt=adopt or {},
    )
    return Organization("organization", args, opts)


def studio(opts: pulumi.ResourceOptions, plan: TeamPlan = TEAM) -> Studio:
    args = StudioArgs(
        plan=plan,
        vpc_id="vpc-1",
        subnet_ids=SUBNETS,
        security_group_id="sg-workloads",
        key_arn=KEY_ARN,
        role_arns={role: f"arn:aws:iam::111111111111:role/mlz/mlz-{role}" for role in sorted(ROLES)},
    )
    return Studio(plan.team, args, opts)


EXAMPLES: dict[type[pulumi.ComponentResource], Callable[[pulumi.ResourceOptions], pulumi.ComponentResource]] = {
    Boundary: boundary,
    Budget: budget,
    Bucket: bucket,
    Contract: contract,
    Features: features,
    FlowLogs: flow_logs,
    Guardrails: guardrails,
    Identity: identity,
    Keys: keys,
    Mlflow: mlflow,
    Models: models,
    Network: network,
    Organization: organization,
    Studio: studio,
}
