"""Pure: names of what a platform shares, MLflow on Fargate, hub, images and packages; all of them come from here."""

from typing import Final

from zone.names import SERVICE_SIDE_ROLES


def hub(environment: str) -> str:
    """Name of what makes up an environment's hub: share, rule groups, firewall, query logging [≤ 64 characters].

    Source: Route 53 Resolver API, Name (botocore's model, read 2026-11-30); the others take more.
    """
    return f"mlz-{environment}-hub"


def migration_family(server: str) -> str:
    """Family of the task definition that migrates the database of *server* [≤ 255 characters, ECS API]."""
    return f"{server}-migrate"


def database_log_group(identifier: str, kind: str) -> str:
    """Log group to which RDS exports its log of *kind* (from memory: its page was not read)."""
    return f"/aws/rds/instance/{identifier}/{kind}"


def mlflow_work_role(team: str | None) -> str:
    """Stem of the role an MLflow server on Fargate works under (team None: the shared one)."""
    return f"mlflow-work-{team}" if team else "mlflow-work"


def mlflow_start_role(team: str | None, command: str) -> str:
    """Stem of the role by which ECS starts a server's task for *command*, serve or migrate."""
    return f"mlflow-{command}-{team}" if team else f"mlflow-{command}"


def load_balancer(account_key: str, what: str) -> str:
    """Name of a load balancer or target group [≤ 32 characters; it may not begin with internal-]."""
    return f"{account_key}-{what}"


def cluster_arn(region: str, account_id: str, cluster: str) -> str:
    """ARN of an ECS cluster."""
    return f"arn:aws:ecs:{region}:{account_id}:cluster/{cluster}"


def topic(account_key: str, what: str) -> str:
    """SNS topic [≤ 256 characters, SNS API CreateTopic]."""
    return f"mlz-{account_key}-{what}"


def topic_arn(region: str, account_id: str, account_key: str, what: str) -> str:
    """ARN of topic()."""
    return f"arn:aws:sns:{region}:{account_id}:{topic(account_key, what)}"


def image_arn(image: str) -> str:
    """ARN of the repository of an image in ECR, ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY@DIGEST."""
    host, _, path = image.partition("/")
    account_id, _, _, region, *_ = host.split(".")
    return f"arn:aws:ecr:{region}:{account_id}:repository/{path.partition('@')[0]}"


BUILD_ROLE: Final = "build"
"""Role under which CodeBuild builds a team's images, in the team's network."""

PLATFORM_BUILD_ROLE: Final = SERVICE_SIDE_ROLES["builds"][0]
"""Role under which CodeBuild builds the platform's images, from AWS's own network."""

STUDIO_IMAGES_ROLE: Final = "studio-images"
"""Role that only SageMaker takes, to look at and pull the images of a team's Studio apps."""

BUILD_PREFIX: Final = "builds"
"""Prefix of the bucket where zips with a Dockerfile are put."""


def registry_host(region: str, account_id: str) -> str:
    """Host of an account's ECR registry in *region*."""
    return f"{account_id}.dkr.ecr.{region}.amazonaws.com"


IMAGES: Final = "images"
"""First part of the names of the platform's own image repositories."""


def image_repository(image: str) -> str:
    """ECR repository of a platform's image [≤ 256 characters, ECR API CreateRepository]."""
    return f"{IMAGES}/{image}"


def ecr_repository_arn(region: str, account_id: str, name: str) -> str:
    """ARN of any ECR repository, or of those that a pattern names."""
    return f"arn:aws:ecr:{region}:{account_id}:repository/{name}"


def studio_image(image: str) -> str:
    """SageMaker image and its app configuration in the team's account [≤ 63 characters, SageMaker API CreateImage]."""
    return f"mlz-{image}"


def build_project(account_key: str, what: str) -> str:
    """CodeBuild project [2 to 150 characters, CodeBuild API CreateProject]."""
    return f"mlz-{account_key}-{what}"


def build_project_arn(region: str, account_id: str, account_key: str, what: str) -> str:
    """ARN of build_project()."""
    return f"arn:aws:codebuild:{region}:{account_id}:project/{build_project(account_key, what)}"


PACKAGES: Final = "packages"
"""CodeArtifact repository that teams read; also the path below /mlz/v1 that says where it is."""


def package_store(upstream: str) -> str:
    """CodeArtifact repository that fetches from one public repository [2 to 100 characters, API CreateRepository]."""
    return f"{upstream}-store"


def package_domain(environment: str) -> str:
    """CodeArtifact domain [2 to 50 characters, CodeArtifact API CreateDomain]; part of a host name."""
    return f"mlz-{environment}"


def package_domain_arn(region: str, account_id: str, environment: str) -> str:
    """ARN of package_domain()."""
    return f"arn:aws:codeartifact:{region}:{account_id}:domain/{package_domain(environment)}"


def package_repository_arn(region: str, account_id: str, environment: str, repository: str) -> str:
    """ARN of a repository of package_domain()."""
    return f"arn:aws:codeartifact:{region}:{account_id}:repository/{package_domain(environment)}/{repository}"


def package_host(region: str, account_id: str, environment: str) -> str:
    """Host that pip, npm and Maven ask.

    Source: CodeArtifact User Guide, "Configure and use pip with CodeArtifact", read 2026-11-30.
    """
    return f"{package_domain(environment)}-{account_id}.d.codeartifact.{region}.amazonaws.com"
