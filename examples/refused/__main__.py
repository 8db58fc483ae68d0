"""A team's own program whose change is refused: a notebook on eight H100 GPUs, without the tags it must carry.

    pulumi preview -s dev-fraud --policy-pack ../../policies/tagging --policy-pack ../../policies/guardrails

`./mlz demo` runs it. The packs read what dev-fraud may use from accounts/dev/fraud.yaml. The tagging pack would fill the
tags in; tagging.json makes it refuse instead.
"""

import pulumi_aws as aws

aws.sagemaker.NotebookInstance(
    "experiments",
    instance_type="ml.p5.48xlarge",
    role_arn="arn:aws:iam::100000000012:role/mlz/mlz-data-scientist",
    subnet_id="subnet-0123456789abcdef0",
    security_groups=["sg-0123456789abcdef0"],
    direct_internet_access="Disabled",
    root_access="Disabled",
    kms_key_id="arn:aws:kms:eu-west-1:100000000012:key/0c5e0d2b-0000-4000-8000-000000000000",
    platform_identifier="notebook-al2023-v1",
    instance_metadata_service_configuration={"minimum_instance_metadata_service_version": "2"},
)
