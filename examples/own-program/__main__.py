"""Somebody else's program: keys and a bucket of the package mlz, in an account of their own.

It says what any language says: the engine starts the package and asks it for the components. The key's ARN goes from
one component to the other before either exists. In a repository of your own, `pulumi package add` writes the line
`packages` in Pulumi.yaml and the SDK (docs/components.md).
"""

import pulumi
import pulumi_aws as aws
import pulumi_mlz as mlz

REGION = "eu-west-1"
ACCOUNT = "222222222222"  # where it shall be; your own
ROLE = "OrganizationAccountAccessRole"  # who deploys there; it administers the key and can't use it

home = aws.Provider(
    "home",
    region=REGION,
    allowed_account_ids=[ACCOUNT],
    assume_roles=[{"role_arn": f"arn:aws:iam::{ACCOUNT}:role/{ROLE}"}],
)

keys = mlz.Keys(
    "pricing",
    account_key="pricing",
    account_id=ACCOUNT,
    region=REGION,
    provisioning_role=ROLE,
    purposes=["data"],
    outside={},
    deletion_days=7,
    disposable=True,
    kept=[],
    opts=pulumi.ResourceOptions(provider=home),
)
bucket = mlz.Bucket(
    "pricing-data",
    bucket_name=f"pricing-data-{ACCOUNT}",
    account_id=ACCOUNT,
    organization_id="",
    key_arn=keys.arns["data"],
    provisioning_role=ROLE,
    service_role_arns=[],
    outside=[],
    disposable=True,
    opts=pulumi.ResourceOptions(provider=home),
)

pulumi.export("bucket", bucket.name)
pulumi.export("key", keys.arns["data"])
