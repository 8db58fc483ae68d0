"""One example of each component: what the contract test builds. A component without one fails that test."""

from collections.abc import Callable

import pulumi

from components.bucket import Bucket, BucketArgs
from components.budget import Budget, BudgetArgs
from components.contract import Contract, ContractArgs
from components.flow_logs import FlowLogs, FlowLogsArgs
from components.guardrails import Guardrails, GuardrailsArgs
from components.keys import Keys, KeysArgs
from components.network import Network, NetworkArgs
from components.organization import Organization, OrganizationArgs
from components.outside import of_shares
from tests.zone import CHURN, ENDPOINTS, FRAUD, GUARDRAIL, NETWORK, ORGANIZATION_ID, REGION, ROLE, SHARES

KEY_ARN = f"arn:aws:kms:{REGION}:111111111111:key/00000000-0000-0000-0000-000000000000"


def budget(opts: pulumi.ResourceOptions) -> Budget:
    return Budget("fraud", BudgetArgs(limit_usd_per_month=500, email="owner@example.com"), opts)


def bucket(opts: pulumi.ResourceOptions, *, disposable: bool = False, organization_id: str = ORGANIZATION_ID) -> Bucket:
    args = BucketArgs(
        bucket_name="mlz-dev-fraud-data-111111111111",
        account_id="111111111111",
        organization_id=organization_id,
        key_arn=pulumi.Output.from_input(KEY_ARN),
        provisioning_role=ROLE,
        service_role_arns=["arn:aws:iam::111111111111:role/mlz/mlz-ingestion"],
        outside=of_shares(SHARES),
        disposable=disposable,
    )
    return Bucket("fraud-data", args, opts)


def contract(opts: pulumi.ResourceOptions) -> Contract:
    return Contract("fraud", ContractArgs(values={"network/vpc-id": pulumi.Output.from_input("vpc-1")}), opts)


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
    args = GuardrailsArgs(guardrails=[GUARDRAIL], targets=targets, organization=organization(opts))
    return Guardrails("guardrail", args, opts)


def keys(opts: pulumi.ResourceOptions, *, disposable: bool = False) -> Keys:
    args = KeysArgs(
        account_key="dev-fraud",
        account_id="111111111111",
        region=REGION,
        provisioning_role=ROLE,
        outside={"data": of_shares(SHARES)},
        purposes=("data", "logs"),
        deletion_days=30,
        disposable=disposable,
    )
    return Keys("fraud", args, opts)


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


EXAMPLES: dict[type[pulumi.ComponentResource], Callable[[pulumi.ResourceOptions], pulumi.ComponentResource]] = {
    Budget: budget,
    Bucket: bucket,
    Contract: contract,
    FlowLogs: flow_logs,
    Guardrails: guardrails,
    Keys: keys,
    Network: network,
    Organization: organization,
}
