"""A team's own program whose change is refused: a notebook on eight H100 GPUs, without the tags it must carry.

    pulumi preview -s dev-fraud --policy-pack ../../policies/tagging --policy-pack ../../policies/guardrails

`./mlz demo` runs it. The packs read what dev-fraud may use from accounts/dev/fraud.yaml.
"""

import pulumi_aws as aws

aws.sagemaker.NotebookInstance(
    "experiments",
    instance_type="ml.p5.48xlarge",
    role_arn="arn:aws:iam::100000000012:role/mlz/mlz-data-scientist",
    subnet_id="subnet-0123456789abcdef0",
    security_groups=["sg-0123456789abcdef0"],
    direct_internet_access="Disabled",
)
