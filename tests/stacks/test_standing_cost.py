"""The cost of what stands is counted on what the stacks really make, and nothing that is billed idle is forgotten."""

from collections import Counter
from typing import Final

from tests.oracles import recordings
from zone.plan.cost import standing

FREE_IDLE: Final = {
    "athena/dataCatalog",
    "athena/workgroup",
    "budgets/budget",  # budgets without actions are free
    "cloudwatch/logGroup",  # what is written and kept is billed
    "cloudcontrol/resource",  # package groups: what is kept and asked for in CodeArtifact is billed
    "codeartifact/domain",
    "codeartifact/domainPermissions",
    "codeartifact/repository",
    "codeartifact/repositoryPermissionsPolicy",
    "codebuild/project",  # minutes of builds are billed
    "ec2/defaultSecurityGroup",
    "ec2/flowLog",  # billed as logs
    "ec2/routeTable",
    "ec2/routeTableAssociation",
    "ec2/securityGroup",
    "ec2/subnet",
    "ec2/vpc",
    "ecr/lifecyclePolicy",
    "ecr/pullThroughCacheRule",
    "ecr/registryPolicy",
    "ecr/registryScanningConfiguration",  # Inspector bills images, and bytes between regions are billed
    "ecr/replicationConfiguration",
    "ecr/repository",  # what lies in it is billed
    "ecr/repositoryCreationTemplate",
    "ecr/repositoryPolicy",
    "emrserverless/application",  # no workers are kept ready; those that work are billed by the second
    "glue/catalogDatabase",
    "glue/resourcePolicy",
    "iam/policy",
    "iam/role",
    "iam/rolePolicy",
    "iam/rolePolicyAttachment",
    "kms/alias",
    "organizations/account",
    "organizations/organization",
    "organizations/organizationalUnit",
    "organizations/policy",
    "organizations/policyAttachment",
    "route53/record",  # queries are billed; those for aliases to AWS's own resources are free
    "s3/bucket",  # what lies in it is billed
    "s3/bucketOwnershipControls",
    "s3/bucketPolicy",
    "s3/bucketPublicAccessBlock",
    "s3/bucketServerSideEncryptionConfiguration",
    "s3/bucketVersioning",
    "sagemaker/domain",  # its file system is billed for what lies in it
    "sagemaker/featureGroup",  # its online store is on demand
    "sagemaker/modelPackageGroup",
    "sagemaker/modelPackageGroupPolicy",
    "sagemaker/space",  # a volume is made with the first app
    "sagemaker/studioLifecycleConfig",
    "sagemaker/userProfile",
    "ssm/parameter",  # standard parameters; see the test
    "ssoadmin/accountAssignment",
    "ssoadmin/instanceAccessControlAttributes",
    "ssoadmin/permissionSet",
    "ssoadmin/permissionSetInlinePolicy",
    "vpc/securityGroupEgressRule",
    "vpc/securityGroupIngressRule",
}
"""Types that cost nothing, or only what is put into them: module and resource."""


def short(type_):
    return type_.removeprefix("aws:").rpartition(":")[0]


def made(stack):
    return [each for each in recordings.recording(stack).made() if each.type.startswith("aws:")]


def billed(stack):
    """What the recorded stack has that is billed for being there, by the names of prices.json."""
    found = Counter()
    for each in made(stack):
        if short(each.type) == "ec2/vpcEndpoint" and each.inputs["vpcEndpointType"] == "Interface":
            found["interface endpoint"] += len(each.inputs["subnetIds"])
        elif short(each.type) == "route53/zone":
            found["private hosted zone"] += 1
        elif short(each.type) == "kms/key":
            found["KMS key"] += 1
        elif short(each.type) == "sagemaker/mlflowTrackingServer":
            found[f"MLflow server {each.inputs['trackingServerSize']}"] += 1
    return dict(found)


@recordings.each_stack
def test_what_is_counted_is_what_the_stack_makes(stack):
    assert billed(stack) == {cost.what: cost.count for cost in standing(recordings.ZONE).get(stack, ())}


@recordings.each_stack
def test_nothing_else_the_stack_makes_is_billed_while_nobody_works(stack):
    priced = {"ec2/vpcEndpoint", "kms/key", "route53/zone", "sagemaker/mlflowTrackingServer"}

    assert set() == {short(each.type) for each in made(stack)} - priced - FREE_IDLE, "price it, or say why it is free"
    tiers = {each.inputs.get("tier", "Standard") for each in made(stack) if short(each.type) == "ssm/parameter"}
    assert tiers <= {"Standard"}
