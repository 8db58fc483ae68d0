"""A small landing zone, built by hand: what tests of components and stacks need, and no more."""

from dataclasses import replace
from ipaddress import IPv4Network

from zone import names
from zone.guardrails.enforcement import Guardrail, OrganizationPolicy, PolicyType
from zone.guardrails.outsiders import outsiders
from zone.names import UNASSIGNED_ORGANIZATION
from zone.plan.account import AccountPlan
from zone.plan.endpoint import EndpointPlan
from zone.plan.mlflow import MlflowPlan
from zone.plan.network import NetworkPlan
from zone.plan.portal import AssignmentPlan, PortalPlan
from zone.plan.shares import Share
from zone.plan.zone import OrganizationPlan, PlatformPlan, TeamPlan, ZonePlan
from zone.specs.account import InstanceTypes, Member, Studio
from zone.specs.features import FeatureGroup, FeatureType
from zone.specs.mlflow import SharedMlflow
from zone.specs.vocabulary import Persona

REGION = "eu-west-1"
ORGANIZATION_ID = "o-a1b2c3d4e5"
ROLE = "OrganizationAccountAccessRole"
PREVIEWER = "arn:aws:iam::999999999999:role/mlz-pull-request"


def account(key: str, account_id: str, *, kind: str = "team", disposable: bool = False) -> AccountPlan:
    return AccountPlan(
        key=key,
        stack=key,
        kind=kind,
        environment="dev",
        account_id=account_id,
        email=f"{key}@example.com",
        organizational_unit="Workloads/Dev",
        region=REGION,
        role=ROLE,
        tags={"mlz:owner": "owner@example.com", "mlz:account": key, "mlz:data-class": "confidential"},
        budget_usd_per_month=500,
        owner="owner@example.com",
        disposable=disposable,
        policy_exceptions=(),
        quotas={},
        preview_caller_arn=PREVIEWER,
        source=f"{key.replace('-', '/')}.yaml",
    )


FRAUD = account("dev-fraud", "111111111111")
CHURN = account("dev-churn", "222222222222")
PLATFORM = replace(account("dev-platform", "333333333333", kind="platform"), stack="dev")

NETWORK = NetworkPlan(
    cidr=IPv4Network("10.64.0.0/22"),
    subnets={"a": IPv4Network("10.64.0.0/24"), "b": IPv4Network("10.64.1.0/24")},
)
ENDPOINTS = (
    EndpointPlan(
        key="s3", service=f"com.amazonaws.{REGION}.s3", gateway=True, features=("studio",), policy_supported=True
    ),
    EndpointPlan(
        key="sts", service=f"com.amazonaws.{REGION}.sts", gateway=False, features=("studio",), policy_supported=True
    ),
)
SHARES = (
    Share(
        name="transactions",
        kind="dataset",
        owner="dev-fraud",
        owner_account_id="111111111111",
        reader="dev-churn",
        reader_account_id="222222222222",
    ),
    Share(
        name="card-features",
        kind="offline",
        owner="dev-fraud",
        owner_account_id="111111111111",
        reader="dev-churn",
        reader_account_id="222222222222",
    ),
    Share(
        name="card-features",
        kind="online",
        owner="dev-fraud",
        owner_account_id="111111111111",
        reader="dev-churn",
        reader_account_id="222222222222",
    ),
)
MLFLOW = MlflowPlan(
    server_name="mlz-dev",
    server_arn=names.mlflow_server_arn(REGION, "333333333333", "dev", None),
    access_role_arn=names.role_arn("333333333333", "mlflow-fraud"),
    isolated=False,
    artifact_bucket=names.bucket("dev-platform", "mlflow", "333333333333"),
    artifact_prefix="",
    key_alias=names.key_alias("dev-platform", "models"),
)
TEAM = TeamPlan(
    account=FRAUD,
    team="fraud",
    organization_id=ORGANIZATION_ID,
    network=NETWORK,
    endpoints=ENDPOINTS,
    members={
        "ada": Member(email="ada@example.com", persona=Persona.DATA_SCIENTIST),
        "max": Member(email="max@example.com", persona=Persona.ML_ENGINEER),
    },
    groups={},
    studio=Studio(shared_spaces={"review": "ada"}),
    studio_auth="IAM",
    trusted=(),
    instance_types=InstanceTypes(
        notebook=("ml.t3.medium",), processing=("ml.m5.large",), training=("ml.m5.xlarge",), endpoint=("ml.m5.large",)
    ),
    max_instances_per_job=2,
    max_runtime_hours=24,
    datasets=("transactions",),
    feature_groups={
        "card-features": FeatureGroup(
            record_id="card",
            event_time="at",
            features={"card": FeatureType.STRING, "at": FeatureType.STRING, "amount": FeatureType.FRACTIONAL},
            online=True,
        )
    },
    models=("scorer",),
    shares_out=SHARES,
    shares_in=(),
    mlflow=MLFLOW,
    log_retention_days=365,
    key_deletion_days=30,
    platform_account_id="333333333333",
)
GUARDRAIL = Guardrail(
    owner="platform@example.com",
    key="deny-leaving",
    description="No account leaves the organisation",
    document={
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}],
    },
    targets=("root", "Workloads/Dev", "dev-fraud"),
)
POLICY = OrganizationPolicy(
    key="scp-deny-leaving",
    type=PolicyType.SERVICE_CONTROL,
    description="deny-leaving",
    document=GUARDRAIL.document,
    targets=GUARDRAIL.targets,
    sources={"Statement0": ("deny-leaving/Statement0",)},
)
OUTSIDERS = OrganizationPolicy(
    key="rcp-deny-outsiders",
    type=PolicyType.RESOURCE_CONTROL,
    description="deny-outsiders",
    document=outsiders(UNASSIGNED_ORGANIZATION).document,
    targets=("root",),
    sources={"Outsiders": ("deny-outsiders/Outsiders",)},
)
ZONE = ZonePlan(
    organization=OrganizationPlan(
        management_account_id="999999999999",
        organization_id="",
        home_region=REGION,
        allowed_regions=(REGION, "us-east-1"),
        organizational_units=("Workloads", "Workloads/Dev"),
        accounts={a.key: a for a in (FRAUD, CHURN, PLATFORM)},
        retired={},
        guardrails=(GUARDRAIL,),
        policies=(POLICY, OUTSIDERS),
        tags={"mlz:owner": "platform@example.com"},
        budget_alert_email="finance@example.com",
        quotas={},
        portal=PortalPlan(
            instance_arn="arn:aws:sso:::instance/ssoins-6987example00001",
            region=REGION,
            regions=(REGION,),
            assignments={
                "dev-fraud-ada": AssignmentPlan(
                    account="dev-fraud",
                    persona="data-scientist",
                    principal_id="93670c2d01-5c0ee8a2-3d1f-4a06-9a1b-000000000001",
                )
            },
            users={"ada@example.com": "93670c2d01-5c0ee8a2-3d1f-4a06-9a1b-000000000001"},
            groups={},
            unrecorded=("max@example.com",),
        ),
        preview_caller_arn=PREVIEWER,
    ),
    platforms={
        "dev": PlatformPlan(
            account=PLATFORM,
            organization_id=ORGANIZATION_ID,
            mlflow=SharedMlflow(mode="shared", isolation="none"),
            teams={"fraud": FRAUD, "churn": CHURN},
            log_retention_days=365,
            key_deletion_days=30,
        )
    },
    teams={"dev-fraud": TEAM},
)
