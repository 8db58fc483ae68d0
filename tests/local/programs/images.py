"""Images: a registry with its rules, Studio's own images, and a domain that offers one."""

import json

import pulumi
import pulumi_aws as aws
from place import PLATFORM, TEAM, account, after, document, key, trust

TEAMS = {"AWS": f"arn:aws:iam::{TEAM}:root"}
platform = account("platform", PLATFORM)
own_key = key(platform)

repository = aws.ecr.Repository(
    "repository",
    name="mlz/studio",
    image_tag_mutability="IMMUTABLE",
    image_scanning_configuration={"scan_on_push": True},
    encryption_configurations=[{"encryption_type": "KMS", "kms_key": own_key.arn}],
    opts=platform,
)
aws.ecr.RepositoryPolicy(
    "repository-policy",
    repository=repository.name,
    policy=document({"Sid": "read", "Principal": TEAMS, "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]}),
    opts=platform,
)
aws.ecr.LifecyclePolicy(
    "lifecycle",
    repository=repository.name,
    policy=json.dumps(
        {
            "rules": [
                {
                    "rulePriority": 1,
                    "description": "d",
                    "selection": {
                        "tagStatus": "untagged",
                        "countType": "sinceImagePushed",
                        "countUnit": "days",
                        "countNumber": 14,
                    },
                    "action": {"type": "expire"},
                }
            ]
        }
    ),
    opts=platform,
)
aws.ecr.RegistryScanningConfiguration(
    "scanning",
    scan_type="BASIC",
    rules=[{"scan_frequency": "SCAN_ON_PUSH", "repository_filters": [{"filter": "*", "filter_type": "WILDCARD"}]}],
    opts=platform,
)
aws.ecr.ReplicationConfiguration(
    "replication",
    replication_configuration={
        "rules": [
            {
                "destinations": [{"region": "eu-central-1", "registry_id": PLATFORM}],
                "repository_filters": [{"filter": "mlz/", "filter_type": "PREFIX_MATCH"}],
            }
        ]
    },
    opts=platform,
)
aws.ecr.RegistryPolicy(
    "registry",
    policy=document(
        {
            "Sid": "read",
            "Principal": TEAMS,
            "Action": ["ecr:BatchImportUpstreamImage"],
            "Resource": f"arn:aws:ecr:eu-west-1:{PLATFORM}:repository/public/*",
        }
    ),
    opts=platform,
)
cache = aws.ecr.PullThroughCacheRule(
    "cache", ecr_repository_prefix="public", upstream_registry_url="public.ecr.aws", opts=platform
)
template_role = aws.iam.Role("template-role", assume_role_policy=trust("ecr.amazonaws.com"), opts=platform)
aws.ecr.RepositoryCreationTemplate(
    "template",
    prefix="public",
    description="d",
    applied_fors=["PULL_THROUGH_CACHE"],
    image_tag_mutability="IMMUTABLE",
    custom_role_arn=template_role.arn,
    encryption_configurations=[{"encryption_type": "KMS", "kms_key": own_key.arn}],
    resource_tags={"owner": "platform"},
    repository_policy=document({"Sid": "read", "Principal": TEAMS, "Action": ["ecr:BatchGetImage"]}),
    opts=platform,
)

role = aws.iam.Role("role", assume_role_policy=trust("sagemaker.amazonaws.com"), opts=platform)
allowed = aws.iam.RolePolicy(
    "allowed", role=role.name, policy=document({"Action": "*", "Resource": "*"}), opts=platform
)
image = aws.sagemaker.Image(
    "image",
    image_name="team-studio",
    role_arn=role.arn,
    display_name="Team",
    description="d",
    opts=after(platform, allowed),
)
version = aws.sagemaker.ImageVersion(
    "version",
    image_name=image.image_name,
    base_image=f"{PLATFORM}.dkr.ecr.eu-west-1.amazonaws.com/seed:1",
    aliases=["latest"],
    opts=platform,
)
config = aws.sagemaker.AppImageConfig(
    "config",
    app_image_config_name="team-studio",
    jupyter_lab_image_config={"container_config": {"container_entrypoints": ["start"]}},
    opts=platform,
)
code = aws.sagemaker.AppImageConfig(
    "code", app_image_config_name="team-code", code_editor_app_image_config={}, opts=platform
)
vpc = aws.ec2.Vpc("vpc", cidr_block="10.1.0.0/16", opts=platform)
group = aws.ec2.SecurityGroup("group", vpc_id=vpc.id, description="d", opts=platform)
subnet = aws.ec2.Subnet("subnet", vpc_id=vpc.id, cidr_block="10.1.0.0/24", opts=platform)
domain = aws.sagemaker.Domain(
    "domain",
    domain_name="studio",
    auth_mode="IAM",
    vpc_id=vpc.id,
    subnet_ids=[subnet.id],
    app_network_access_type="VpcOnly",
    default_user_settings={
        "execution_role": role.arn,
        "jupyter_lab_app_settings": {
            "custom_images": [
                {
                    "image_name": image.image_name,
                    "image_version_number": version.version,
                    "app_image_config_name": config.app_image_config_name,
                }
            ]
        },
    },
    retention_policy={"home_efs_file_system": "Delete"},
    opts=platform,
)

# builds
build_role = aws.iam.Role("build", assume_role_policy=trust("codebuild.amazonaws.com"), opts=platform)
bucket = aws.s3.Bucket("bucket", bucket=f"mlz-sources-{PLATFORM}", opts=platform)
source = aws.s3.BucketObject("source", bucket=bucket.bucket, key="source.zip", content="x", opts=platform)
aws.codebuild.Project(
    "project",
    name="images",
    service_role=build_role.arn,
    encryption_key=own_key.arn,
    build_timeout=30,
    source={
        "type": "S3",
        "location": pulumi.Output.concat(bucket.bucket, "/", source.key),
        "buildspec": "version: 0.2",
    },
    artifacts={"type": "NO_ARTIFACTS"},
    environment={
        "type": "ARM_CONTAINER",
        "compute_type": "BUILD_GENERAL1_SMALL",
        "image": "aws/codebuild/amazonlinux2-aarch64-standard:3.0",
        "privileged_mode": True,
        "environment_variables": [{"name": "A", "value": "b"}],
    },
    logs_config={"cloudwatch_logs": {"group_name": "/mlz/builds"}},
    vpc_config={"vpc_id": vpc.id, "subnets": [subnet.id], "security_group_ids": [group.id]},
    opts=platform,
)
aws.codebuild.Project(
    "plain",
    name="plain",
    service_role=build_role.arn,
    source={"type": "NO_SOURCE", "buildspec": "version: 0.2"},
    artifacts={"type": "NO_ARTIFACTS"},
    environment={
        "type": "LINUX_CONTAINER",
        "compute_type": "BUILD_GENERAL1_SMALL",
        "image": "aws/codebuild/amazonlinux2-x86_64-standard:5.0",
    },
    opts=platform,
)
