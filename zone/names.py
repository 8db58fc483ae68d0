"""Pure: physical names, ARNs and SSM paths. Only what outsiders call by name has one; all names come from here."""

from typing import Final

UNASSIGNED: Final = "000000000000"
"""Stands for the id of an account the org stack has not made yet; no team stack is deployed with it."""

SUSPENDED: Final = "Suspended"
"""Path of the OU of accounts that were retired."""

UNASSIGNED_ORGANIZATION: Final = "o-0000000000"
"""Stands in guardrails for the id of an organisation the org stack has not made yet; it puts the real one there."""

KEY_PURPOSES: Final = ("data", "online", "models", "studio", "logs", "secrets")
"""A KMS key each: what one purpose's users can decrypt, another's cannot. online: only where a group has that store."""

PLATFORM_KEY_PURPOSES: Final = ("models", "logs", "database", "alarms", "images", "packages")
"""Keys that a platform account may have: models always, the others where something there needs them."""

BUCKET_PURPOSES: Final = ("data", "models", "studio")
"""Buckets of a team account, each encrypted with the key of the same name."""

PERSONA_ROLES: Final = {
    "data_scientist": "data-scientist",
    "ml_engineer": "ml-engineer",
    "reviewer": "reviewer",
    "operator": "operator",
}
"""Role name of each persona."""

SHARE_READERS: Final = ("data-scientist", "ml-engineer", "processing", "training", "tuning", "transform")
"""Roles of a team that may read what another team shares with it."""

MODEL_MAKERS: Final = ("ml-engineer", "pipeline")
"""Roles of a team that make models of registered versions, another environment's too."""

MODEL_USERS: Final = ("endpoint", "transform", "processing")
"""Roles of a team under which SageMaker loads a model, or checks one: they read what another environment promotes."""

PROVENANCE: Final = ("git_commit", "data_version")
"""Metadata that each version of a model must bring: without them it is not registered."""

MLFLOW_VERSION: Final = "mlflow_version"
"""Further metadata where MLflow's registry decides: the version there, as models:/NAME/NUMBER."""

JOB_ROLES: Final = ("processing", "training", "tuning", "transform", "endpoint", "ingestion")
"""Roles of a team under which containers work; SageMaker pulls their images from its own network."""

SERVICE_SIDE_ROLES: Final = {
    "data": ("feature-store",),
    "models": ("pipeline",),
    "studio": ("pipeline",),
    "mlflow": ("tracking*",),
    "builds": ("platform-build",),
}
"""Roles by bucket that only a service takes and that work from its own network, not from ours: Feature Store writing
the offline store, Pipelines reading its definition, a managed tracking server keeping its artifacts, CodeBuild reading
what becomes an image of the platform's."""

BOUNDARY: Final = "mlz-boundary"
"""Permission boundary that every role of an account carries."""

PERSON_TAG: Final = "mlz-person"
"""Tag of a Studio profile and of a person's session: the e-mail. Who has both alike may open the profile.

Without a colon, which SAML's attribute of session tags uses itself (PrincipalTag:mlz-person).
"""

FEATURES_TAG: Final = "mlz-features"
"""Tag of a feature group: its features and their types, or their number and a hash. It changes as they do."""

PERSON_SOURCE: Final = "${path:userName}"
"""What Identity Center fills the tag with: the user name, which is the person's e-mail here.

Source: IAM Identity Center User Guide, "Attribute mappings between IAM Identity Center and External Identity Providers
directory", read 2026-11-29.
"""

PREVIEW: Final = "preview"
"""Role of an account that only reads: pull requests' previews work under it."""

DEPLOY: Final = "mlz-deploy-"
"""Begins the names of the roles in the management account under which CI deploys."""

PATH: Final = "/mlz/"
"""IAM path of all our roles: one pattern protects them in the service control policies."""


def deploy_role(environment: str) -> str:
    """Role in the management account under which CI deploys *environment* [≤ 64 characters, IAM quotas]."""
    return f"{DEPLOY}{environment}"


def state_bucket(management_account_id: str) -> str:
    """Bucket of Pulumi's state where none is declared [≤ 63 characters, S3 User Guide]."""
    return f"mlz-state-{management_account_id}"


def state_key_alias(environment: str) -> str:
    """KMS alias of what encrypts the secrets in the states of *environment*."""
    return f"alias/mlz-state-{environment}"


STATE_BUCKET_KEY: Final = "alias/mlz-bucket-of-states"
"""KMS alias of what encrypts the state bucket."""


def settings_file(environment: str) -> str:
    """Pulumi's settings of all stacks of *environment*."""
    return f"Pulumi.{environment}.yaml"


def bucket(account_key: str, purpose: str, account_id: str, region: str = "") -> str:
    """S3 bucket name; the account id makes it unique in the world [≤ 63 characters, S3 User Guide].

    Args:
        account_key: key of the account.
        purpose: what it is for.
        account_id: the account.
        region: a further region of the account's; empty: its home.
    """
    return "-".join(filter(None, ("mlz", account_key, purpose, region, account_id)))


def bucket_arn(account_key: str, purpose: str, account_id: str, region: str = "") -> str:
    """ARN of bucket()."""
    return f"arn:aws:s3:::{bucket(account_key, purpose, account_id, region)}"


def dataset_prefix(dataset: str) -> str:
    """Prefix of one data set in its owner's data bucket."""
    return f"datasets/{dataset}"


def feature_prefix(group: str) -> str:
    """Prefix of one feature group's offline store in its owner's data bucket."""
    return f"features/{group}"


QUERY_PREFIX: Final = "queries"
"""Prefix of query results in the work bucket."""


def log_group(account_key: str, what: str) -> str:
    """CloudWatch log group of ours [≤ 512 characters, CloudWatch Logs API CreateLogGroup]."""
    return f"/mlz/{account_key}/{what}"


def role(name: str) -> str:
    """Role name within an account: mlz-training, mlz-data-scientist [≤ 64 characters, IAM quotas]."""
    return f"mlz-{name}"


def iam_arn(account_id: str, kind: str, name: str) -> str:
    """ARN of what IAM knows by *name* under our path; *kind* is role or policy."""
    return f"arn:aws:iam::{account_id}:{kind}{PATH}{name}"


def role_arn(account_id: str, name: str) -> str:
    """ARN of role(), path included."""
    return iam_arn(account_id, "role", role(name))


def entry_role(persona: str) -> str:
    """Role that a persona's people take to open Studio [≤ 64 characters]; *persona* is the role's, data-scientist."""
    return role(f"enter-{persona}")


def permission_set(persona: str) -> str:
    """Identity Center's permission set of a persona [≤ 32 characters, Identity Center API CreatePermissionSet]."""
    return role(persona)


def key_alias(account_key: str, purpose: str) -> str:
    """KMS alias [≤ 256 characters, KMS API CreateAlias]."""
    return f"alias/mlz/{account_key}/{purpose}"


def domain(account_key: str) -> str:
    """Name of the SageMaker Studio domain [≤ 63 characters, SageMaker API CreateDomain]."""
    return f"mlz-{account_key}"


def lifecycle_config(account_key: str, app: str, version: str) -> str:
    """Name of the script that one kind of Studio app starts with [≤ 63 characters, CreateStudioLifecycleConfig]."""
    return f"mlz-{account_key}-{app}-{version}"


SDK_DEFAULTS: Final = "sdk/defaults"
"""Path below /mlz/v1 of the SageMaker Python SDK's configuration."""


TRACKING_URI: Final = "mlflow/tracking-uri"
"""Path below /mlz/v1 of the address of a team's MLflow server."""


def feature_group(team: str, name: str) -> str:
    """Feature group name [≤ 64 characters, SageMaker API CreateFeatureGroup]."""
    return f"{team}-{name}"


def feature_group_arn(region: str, account_id: str, team: str, name: str) -> str:
    """ARN of feature_group()."""
    return f"arn:aws:sagemaker:{region}:{account_id}:feature-group/{feature_group(team, name)}"


def feature_database(team: str) -> str:
    """Glue database of the team's offline stores [small letters, digits, underscore]."""
    return f"mlz_{team.replace('-', '_')}_features"


def feature_table(name: str) -> str:
    """Glue table of one offline store."""
    return name.replace("-", "_")


def workgroup(team: str) -> str:
    """Athena workgroup in which the team queries its offline stores [≤ 128 characters, Athena API CreateWorkGroup]."""
    return f"mlz-{team}"


def foreign_catalog(owner: str) -> str:
    """Athena's name for the Glue catalogue of the team *owner* [≤ 127 characters, Athena API CreateDataCatalog]."""
    return f"mlz_{owner.replace('-', '_')}"


def online_reader_role(name: str, reader_team: str) -> str:
    """Role in the owner's account by which one other team reads one online store [≤ 64 characters]."""
    return role(f"online-{name}-{reader_team}")


def online_reader_role_arn(account_id: str, name: str, reader_team: str) -> str:
    """ARN of online_reader_role() in the owner's account."""
    return f"arn:aws:iam::{account_id}:role{PATH}{online_reader_role(name, reader_team)}"


def model_package_group(team: str, model: str) -> str:
    """Model package group name [≤ 63 characters, SageMaker API CreateModelPackageGroup]."""
    return f"{team}-{model}"


def repository(team: str, model: str) -> str:
    """ECR repository name [≤ 256 characters, ECR API CreateRepository]."""
    return f"{team}/{model}"


def repository_arn(region: str, account_id: str, team: str, model: str) -> str:
    """ARN of repository()."""
    return f"arn:aws:ecr:{region}:{account_id}:repository/{repository(team, model)}"


def model_prefix(model: str) -> str:
    """Prefix of one model's artifacts in its owner's models bucket: only what lies below it may leave the account."""
    return f"models/{model}"


def mlflow_server(environment: str, team: str | None) -> str:
    """Tracking server of the environment (team None) or of one team [≤ 256 characters]."""
    return f"mlz-{environment}-{team}" if team else f"mlz-{environment}"


def mlflow_server_arn(region: str, account_id: str, environment: str, team: str | None) -> str:
    """ARN of mlflow_server()."""
    return f"arn:aws:sagemaker:{region}:{account_id}:mlflow-tracking-server/{mlflow_server(environment, team)}"


def mlflow_server_role(team: str | None) -> str:
    """Role a tracking server runs under (team None: the shared one)."""
    return role(f"tracking-{team}" if team else "tracking")


def mlflow_access_role(team: str) -> str:
    """Role in the platform account that one team's roles assume to reach its tracking server."""
    return role(f"mlflow-{team}")


def artifact_prefix(account_id: str) -> str:
    """Prefix of one team's MLflow artifacts: its account id, which a policy can name as aws:PrincipalAccount."""
    return f"{account_id}/"


def ssm_path(*parts: str) -> str:
    """SSM parameter of the published contract, e.g. /mlz/v1/studio/domain-id."""
    return "/".join(("/mlz/v1", *parts))


FURTHER_KEY_PURPOSES: Final = ("data", "models", "studio", "logs")
"""Keys of a team in a further region: for its buckets and flow logs. studio: the work bucket, there is no Studio."""


def flow_logs_role(region: str = "", network: str = "") -> str:
    """Role that writes a VPC's flow logs [≤ 64 characters].

    *region*: a further one, empty: the account's home. *network*: one of several, empty: the account's only one.
    """
    return role("-".join(filter(None, (network, "flow-logs", region))))
