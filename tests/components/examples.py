"""One example of each component: what the contract test builds. A component without one fails that test."""

from collections.abc import Callable, Sequence
from typing import Any
from unittest.mock import patch

import pulumi

from components.access.boundary import Boundary, BoundaryArgs
from components.access.entry import Entry, EntryArgs
from components.access.grants.reading import read_account
from components.access.identity import Identity, IdentityArgs
from components.access.outside import of_shares
from components.access.packages import PackageSource
from components.access.preview import Preview, PreviewArgs
from components.access.team import Share
from components.account.budget import Budget, BudgetArgs
from components.account.contract import Contract, ContractArgs
from components.batches.arrivals import Arrivals
from components.batches.batch import Batch
from components.batches.spark import Spark
from components.batches.spark_batch import SparkBatch
from components.encryption.keys import Keys, KeysArgs
from components.images.build import BuildNetworkArgs, ImageBuild, ImageBuildArgs
from components.images.registry import CacheArgs, Registry, RegistryArgs
from components.images.repositories import Images, ImagesArgs
from components.ml.features import Features, FeaturesArgs
from components.ml.mlflow import Mlflow, MlflowArgs
from components.ml.models import Models, ModelsArgs
from components.ml.queries import Queries, QueriesArgs
from components.ml.replication import Replication, ReplicationArgs
from components.ml.studio import Studio, StudioArgs
from components.ml.studio_images import StudioImageArgs, StudioImages, StudioImagesArgs
from components.mlflow.alarms import Alarms
from components.mlflow.balancer import Balancer
from components.mlflow.database import Database
from components.mlflow.link import Link
from components.mlflow.server import Server
from components.monitoring.monitor import Monitor
from components.network.existing import ExistingNetwork, ExistingNetworkArgs
from components.network.flow_logs import FlowLogs, FlowLogsArgs
from components.network.network import EndpointArgs, Network, NetworkArgs
from components.network.remote_service import PrivateLinkArgs, RemoteService, RemoteServiceArgs, RoutedArgs
from components.organization.guardrails import Guardrails, GuardrailsArgs, PolicyArgs
from components.organization.organization import MemberArgs, Organization, OrganizationArgs, RetiredArgs
from components.organization.portal import AssignmentArgs, Portal, PortalArgs
from components.packages.packages import Packages, PackagesArgs
from components.schedules.schedules import Schedules
from components.serving.api_logs import ApiLogs
from components.serving.endpoint_api import EndpointApi
from components.serving.model_endpoint import AsynchronousArgs, ModelEndpoint, ModelEndpointArgs
from components.storage.bucket import Bucket, BucketArgs
from stacks.inputs import feature_groups_of, profiles_of, readers_of, takers_of, team_of
from tests.components import examples_apis, examples_mlflow, examples_scheduled
from tests.components.hub_examples import HUB_EXAMPLES
from tests.small_zone import (
    CHURN,
    FRAUD,
    NETWORK,
    ORGANIZATION_ID,
    REGION,
    ROLE,
    TEAM,
    ZONE,
)
from zone.plan.account import AccountPlan
from zone.plan.zone import PlatformPlan, TeamPlan
from zone.specs.mlflow import PerTeamMlflow

CONTENT = '{"Version":"2012-10-17","Statement":[]}'
KEY_ARN = f"arn:aws:kms:{REGION}:111111111111:key/00000000-0000-0000-0000-000000000000"
ONLINE_KEY_ARN = f"arn:aws:kms:{REGION}:111111111111:key/11111111-1111-1111-1111-111111111111"
BOUNDARY_ARN = "arn:aws:iam::111111111111:policy/mlz/mlz-boundary"
SUBNETS = ["subnet-a", "subnet-b"]
READERS = readers_of(TEAM)
ROLES = {"data-scientist", "ml-engineer", "reviewer", "operator"}


def boundary(opts: pulumi.ResourceOptions) -> Boundary:
    return Boundary(
        "fraud",
        BoundaryArgs(
            account_id="111111111111",
            regions=[REGION],
            partner_account_ids=("333333333333",),
            promoting_account_ids=("444444444444",),
            databases=False,
            managed_mlflow=True,
        ),
        opts,
    )


def budget(opts: pulumi.ResourceOptions) -> Budget:
    return Budget("fraud", BudgetArgs(limit_usd_per_month=500, email="owner@example.com"), opts)


def bucket(opts: pulumi.ResourceOptions, *, disposable: bool = False, shares: Sequence[Share] = READERS) -> Bucket:
    args = BucketArgs(
        bucket_name="mlz-dev-fraud-data-111111111111",
        account_id="111111111111",
        organization_id=ORGANIZATION_ID,
        key_arn=pulumi.Output.from_input(KEY_ARN),
        provisioning_role=ROLE,
        service_role_arns=["arn:aws:iam::111111111111:role/mlz/mlz-feature-store"],
        outside=of_shares(shares),
        disposable=disposable,
    )
    return Bucket("fraud-data", args, opts)


def contract(opts: pulumi.ResourceOptions) -> Contract:
    return Contract("fraud", ContractArgs(values={"network/vpc-id": pulumi.Output.from_input("vpc-1")}), opts)


def entry(opts: pulumi.ResourceOptions) -> Entry:
    args = EntryArgs(
        account_id="111111111111",
        region=REGION,
        personas=("data-scientist", "reviewer"),
        trusted=("saml-provider/corp", "arn:aws:iam::999999999999:role/people"),
        boundary_arn=BOUNDARY_ARN,
    )
    return Entry("fraud", args, opts)


def features(opts: pulumi.ResourceOptions, plan: TeamPlan = TEAM) -> Features:
    args = FeaturesArgs(
        team=plan.team,
        account_id=plan.account.account_id,
        region=plan.account.region,
        groups=feature_groups_of(plan),
        shares=readers_of(plan),
        disposable=plan.account.disposable,
        bucket_name="mlz-dev-fraud-data-111111111111",
        key_arns={"data": KEY_ARN, "online": ONLINE_KEY_ARN},
        provisioning_role="OrganizationAccountAccessRole",
        role_arn="arn:aws:iam::111111111111:role/mlz/mlz-feature-store",
        boundary_arn=BOUNDARY_ARN,
    )
    return Features(plan.team, args, opts)


def flow_logs(opts: pulumi.ResourceOptions, *, disposable: bool = False) -> FlowLogs:
    args = FlowLogsArgs(
        account_key="dev-fraud",
        account_id="111111111111",
        region=REGION,
        network="",
        vpc_id="vpc-1",
        key_arn=KEY_ARN,
        boundary_arn="arn:aws:iam::111111111111:policy/mlz/mlz-boundary",
        retention_days=365,
        disposable=disposable,
        further=False,
    )
    return FlowLogs("fraud", args, opts)


def guardrails(opts: pulumi.ResourceOptions) -> Guardrails:
    targets = {"root": "r-1", "Workloads/Dev": "ou-1", "dev-fraud": "111111111111"}
    made = organization(opts)
    args = GuardrailsArgs(
        policies={
            "scp-deny-leaving": PolicyArgs(
                type="SERVICE_CONTROL_POLICY", description="deny-leaving", content=CONTENT, targets=list(targets)
            ),
            "rcp-deny-outsiders": PolicyArgs(
                type="RESOURCE_CONTROL_POLICY", description="deny-outsiders", content=CONTENT, targets=["root"]
            ),
        },
        targets=targets,
        organization=made,
    )
    return Guardrails("guardrail", args, opts)


def identity(opts: pulumi.ResourceOptions, plan: TeamPlan = TEAM) -> Identity:
    args = IdentityArgs(
        team=team_of(plan),
        boundary_arn=BOUNDARY_ARN,
        subnet_ids=SUBNETS,
        security_group_id=pulumi.Output.from_input("sg-workloads"),
        key_arns=dict.fromkeys(("data", "online", "models", "studio"), KEY_ARN),
        further={},
    )
    return Identity(plan.team, args, opts)


def keys(opts: pulumi.ResourceOptions, *, disposable: bool = False, kept: Sequence[str] = ()) -> Keys:
    args = KeysArgs(
        account_key="dev-fraud",
        account_id="111111111111",
        region=REGION,
        provisioning_role=ROLE,
        outside={"data": of_shares(READERS)},
        purposes=("data", "logs"),
        deletion_days=30,
        disposable=disposable,
        kept=kept,
    )
    return Keys("fraud", args, opts)


def mlflow(opts: pulumi.ResourceOptions, plan: PlatformPlan = ZONE.platforms["dev"]) -> Mlflow:
    args = MlflowArgs(
        account_key=plan.account.key,
        account_id=plan.account.account_id,
        region=plan.account.region,
        environment=plan.account.environment,
        teams={team: account.account_id for team, account in plan.teams.items()},
        isolated=isinstance(plan.mlflow, PerTeamMlflow),
        server_size=plan.mlflow.size.value,
        disposable=plan.account.disposable,
        bucket_name="mlz-dev-platform-mlflow-333333333333",
        key_arn=KEY_ARN,
        boundary_arn=BOUNDARY_ARN,
    )
    return Mlflow("platform", args, opts)


def models(opts: pulumi.ResourceOptions, plan: TeamPlan = TEAM) -> Models:
    args = ModelsArgs(
        team=plan.team,
        models=plan.models,
        account_id=plan.account.account_id,
        region=plan.account.region,
        provisioning_role=plan.account.role,
        disposable=plan.account.disposable,
        key_arn=KEY_ARN,
        takers=takers_of(plan),
    )
    return Models(plan.team, args, opts)


def network(
    opts: pulumi.ResourceOptions, *, distributed: bool = False, beyond: dict[str, str] | None = None
) -> Network:
    args = NetworkArgs(
        account_key="dev-fraud",
        region=REGION,
        cidr=str(NETWORK.cidr),
        subnets={zone: str(block) for zone, block in NETWORK.subnets.items()},
        endpoints={
            "s3": EndpointArgs(service=f"com.amazonaws.{REGION}.s3", gateway=True, policy=CONTENT),
            "sts": EndpointArgs(service=f"com.amazonaws.{REGION}.sts", gateway=False),
        },
        distributed=distributed,
        beyond=beyond or {},
    )
    return Network("fraud", args, opts)


def existing_network(opts: pulumi.ResourceOptions) -> ExistingNetwork:
    args = ExistingNetworkArgs(
        account_key="dev-fraud",
        vpc_id="vpc-0123456789abcdef0",
        subnet_ids={"a": "subnet-01234567", "b": "subnet-89abcdef"},
        endpoint_security_group_id="sg-01234567",
        prefix_list_ids={"s3": "pl-01234567"},
        distributed=True,
    )
    return ExistingNetwork("fraud", args, opts)


def organization(
    opts: pulumi.ResourceOptions,
    adopt: dict[str, str] | None = None,
    existing: dict[str, str] | None = None,
    accounts: Sequence[AccountPlan] = (FRAUD, CHURN),
    retired: dict[str, RetiredArgs] | None = None,
) -> Organization:
    args = OrganizationArgs(
        organizational_units=("Workloads", "Workloads/Dev"),
        accounts={
            account.key: MemberArgs(
                name=account.key,
                email=account.email,
                organizational_unit=account.organizational_unit,
                role=account.role,
                tags=account.tags,
            )
            for account in accounts
        },
        retired=retired or {},
        policy_types=["SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"],
        adopt=adopt or {},
        sharing=True,
        existing=existing or {},
    )
    return Organization("organization", args, opts)


def portal(opts: pulumi.ResourceOptions, adopt: str | None = None, principal_type: str = "USER") -> Portal:
    args = PortalArgs(
        instance_arn="arn:aws:sso:::instance/ssoins-6987example00001",
        region=REGION,
        studio_regions=(REGION,),
        assignments={
            "dev-fraud-ada": AssignmentArgs(
                account_id="111111111111",
                persona="data-scientist",
                principal_id="93670c2d01-5c0ee8a2-3d1f-4a06-9a1b-000000000001",
                principal_type=principal_type,
            )
        },
        adopt=adopt,
    )
    return Portal("portal", args, opts)


def preview(opts: pulumi.ResourceOptions) -> Preview:
    args = PreviewArgs(
        account_id="111111111111",
        caller_arn="arn:aws:iam::999999999999:role/mlz-pull-request",
        statements=read_account([REGION], "111111111111"),
    )
    return Preview("fraud", args, opts)


def model_endpoint(
    opts: pulumi.ResourceOptions,
    *,
    least: int = 1,
    most: int = 3,
    capture: int = 100,
    kind: str = "ml.m5.large",
    later: bool = False,
) -> ModelEndpoint:
    args = ModelEndpointArgs(
        endpoint_name="fraud-scorer",
        package_arn=f"arn:aws:sagemaker:{REGION}:111111111111:model-package/fraud-scorer/3",
        instance_type=kind,
        least=least,
        most=most,
        invocations_per_minute=600,
        asynchronous=AsynchronousArgs(
            concurrency=4,
            backlog_per_instance=5,
            answers_uri="s3://mlz-dev-fraud-studio-111111111111/answers/scorer",
            key_arn=ONLINE_KEY_ARN,
        )
        if later
        else None,
        capture_percent=capture,
        capture_uri="s3://mlz-dev-fraud-data-111111111111/captured/scorer",
        latency_ms=500,
        isolated=True,
        role_arn="arn:aws:iam::111111111111:role/mlz/mlz-endpoint",
        key_arn=KEY_ARN,
        subnet_ids=SUBNETS,
        security_group_id="sg-workloads",
    )
    return ModelEndpoint("fraud-scorer", args, opts)


def queries(opts: pulumi.ResourceOptions, *, disposable: bool = False) -> Queries:
    args = QueriesArgs(
        team="fraud",
        account_id="111111111111",
        catalogs={"churn": "222222222222"},
        scan_gb=100,
        disposable=disposable,
        bucket_name="mlz-dev-fraud-studio-111111111111",
        key_arn=KEY_ARN,
    )
    return Queries("fraud", args, opts)


def remote_service(opts: pulumi.ResourceOptions, *, routed: bool = False) -> RemoteService:
    args = RemoteServiceArgs(
        account_key="dev-fraud",
        service="mlflow",
        host="mlflow.dev.example.com",
        vpc_id="vpc-1",
        private_link=None
        if routed
        else PrivateLinkArgs(
            service=f"com.amazonaws.vpce.{REGION}.vpce-svc-0123456789abcdef0",
            subnet_ids=SUBNETS,
            security_group_id="sg-endpoints",
        ),
        routed=RoutedArgs(
            balancer_dns_name=f"internal-mlflow-1234567890.{REGION}.elb.amazonaws.com",
            balancer_zone_id="Z32O12XQLNTSW2",
            cidr="10.64.17.0/24",
            callers={"workloads": "sg-workloads", "studio": "sg-studio"},
        )
        if routed
        else None,
    )
    return RemoteService("fraud", args, opts)


def images(opts: pulumi.ResourceOptions, *, disposable: bool = False) -> Images:
    args = ImagesArgs(
        organization_id=ORGANIZATION_ID,
        account_ids=["333333333333", "111111111111"],
        repositories={"lab": 50},
        key_arn=KEY_ARN,
        disposable=disposable,
    )
    return Images("platform", args, opts)


def registry(opts: pulumi.ResourceOptions, *, scan: str = "basic") -> Registry:
    args = RegistryArgs(
        account_key="dev-platform",
        account_id="333333333333",
        region=REGION,
        organization_id=ORGANIZATION_ID,
        team_account_ids=["111111111111"],
        provisioning_role=ROLE,
        scan=scan,
        caches={"ecr-public": CacheArgs(url="public.ecr.aws", credentials_arn=None)},
        replicas={"lab": ["eu-central-1"]},
        key_arn=KEY_ARN,
        boundary_arn=BOUNDARY_ARN,
        deletion_days=30,
        disposable=False,
        tags={"mlz:owner": "owner@example.com"},
    )
    return Registry("platform", args, opts)


SOURCE = PackageSource(environment="dev", account_id="333333333333", region=REGION)


def image_build(opts: pulumi.ResourceOptions, *, repositories: Sequence[str] = ("fraud/scorer",)) -> ImageBuild:
    args = ImageBuildArgs(
        account_key="dev-fraud",
        account_id="111111111111",
        region=REGION,
        project="images",
        repositories=repositories,
        bases=[f"arn:aws:ecr:{REGION}:333333333333:repository/ecr-public/*"],
        caches=[f"arn:aws:ecr:{REGION}:333333333333:repository/ecr-public/*"],
        base_registry=f"333333333333.dkr.ecr.{REGION}.amazonaws.com",
        build_args={},
        source_bucket_name="mlz-dev-fraud-studio-111111111111",
        source_key_arn=KEY_ARN,
        role="build",
        network=BuildNetworkArgs(vpc_id="vpc-1", subnet_ids=SUBNETS, security_group_id="sg-workloads"),
        log_key_arn=KEY_ARN,
        log_retention_days=365,
        boundary_arn=BOUNDARY_ARN,
        packages=SOURCE,
        disposable=False,
    )
    return ImageBuild("fraud", args, opts)


def packages(opts: pulumi.ResourceOptions, *, connections: dict[str, str] | None = None) -> Packages:
    args = PackagesArgs(
        source=SOURCE,
        reader_account_ids=["111111111111"],
        reader_roles=["data-scientist"],
        connections={"pypi": "public:pypi"} if connections is None else connections,
        quarantine=["/pypi//ctx$"],
        key_arn=KEY_ARN,
        disposable=False,
        tags={"mlz:owner": "owner@example.com"},
    )
    return Packages("platform", args, opts)


def studio_images(opts: pulumi.ResourceOptions, *, app: str = "jupyterlab") -> StudioImages:
    args = StudioImagesArgs(
        account_id="111111111111",
        images={
            "lab": StudioImageArgs(
                repository_arn=f"arn:aws:ecr:{REGION}:333333333333:repository/images/lab",
                uri=f"333333333333.dkr.ecr.{REGION}.amazonaws.com/images/lab:1",
                app=app,
                display_name="Lab",
                entrypoint=("start",),
                arguments=(),
                environment={"TEAM": "fraud"},
            )
        },
        boundary_arn=BOUNDARY_ARN,
    )
    return StudioImages("fraud", args, opts)


def studio(opts: pulumi.ResourceOptions, plan: TeamPlan = TEAM, *, tracking_uri: str = "") -> Studio:
    args = StudioArgs(
        account_key=plan.account.key,
        auth_mode=plan.studio_auth,
        profiles=profiles_of(plan),
        shared_spaces=plan.studio.shared_spaces,
        instance_types=plan.instance_types.notebook,
        space_storage_gb=plan.studio.space_storage_gb,
        idle_minutes=plan.studio.idle_minutes,
        keep_home=plan.keep_home,
        disposable=plan.account.disposable,
        vpc_id="vpc-1",
        subnet_ids=SUBNETS,
        endpoint_security_group_id="sg-endpoints",
        beyond={},
        gateway_prefix_list_ids={"s3": "pl-s3"},
        key_arn=KEY_ARN,
        role_arns={role: f"arn:aws:iam::111111111111:role/mlz/mlz-{role}" for role in sorted(ROLES)},
        sdk_defaults="/mlz/v1/sdk/defaults",
        tracking_uri=tracking_uri,
        packages="",
        custom_images=(),
    )
    return Studio(plan.team, args, opts)


def replication(opts: pulumi.ResourceOptions) -> Replication:
    args = ReplicationArgs(
        team="fraud",
        account_id="111111111111",
        repositories={"eu-central-1": [pulumi.Output.from_input("fraud/model")]},
    )
    return Replication("fraud", args, opts)


EXAMPLES: dict[type[pulumi.ComponentResource], Callable[[pulumi.ResourceOptions], pulumi.ComponentResource]] = {
    **HUB_EXAMPLES,
    Boundary: boundary,
    Budget: budget,
    Bucket: bucket,
    Contract: contract,
    Entry: entry,
    Features: features,
    FlowLogs: flow_logs,
    Guardrails: guardrails,
    Identity: identity,
    ImageBuild: image_build,
    Images: images,
    Keys: keys,
    Mlflow: mlflow,
    ModelEndpoint: model_endpoint,
    ApiLogs: examples_apis.api_logs,
    EndpointApi: examples_apis.endpoint_api,
    Models: models,
    Network: network,
    ExistingNetwork: existing_network,
    Organization: organization,
    Packages: packages,
    Portal: portal,
    Preview: preview,
    Queries: queries,
    Replication: replication,
    RemoteService: remote_service,
    Registry: registry,
    Studio: studio,
    StudioImages: studio_images,
    Alarms: examples_mlflow.alarms,
    Balancer: examples_mlflow.balancer,
    Database: examples_mlflow.database,
    Link: examples_mlflow.link,
    Server: examples_mlflow.server,
    Schedules: examples_scheduled.schedules,
    Monitor: examples_scheduled.monitor,
    Batch: examples_scheduled.batch,
    Arrivals: examples_scheduled.arrivals,
    Spark: examples_scheduled.spark,
    SparkBatch: examples_scheduled.spark_batch,
}


def arguments(component: type[pulumi.ComponentResource], opts: pulumi.ResourceOptions) -> tuple[str, Any]:
    """Name and inputs that a component's example gives to its constructor; nothing is made."""
    given: list[Any] = []
    with patch.object(component, "__init__", lambda _this, name, args, _opts: given.extend((name, args))):
        EXAMPLES[component](opts)
    return given[0], given[1]
