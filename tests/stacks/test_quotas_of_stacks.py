"""What quotas are held against is what the stacks of all examples make, region by region."""

from collections import Counter, defaultdict

import pytest

from stacks.inputs import granted_of
from tests.oracles import recordings
from zone.plan import planner
from zone.plan.quotas import GLOBAL_REGION, needs

COUNTED = {
    "aws:organizations/account:Account": "L-E619E033",
    "aws:sagemaker/domain:Domain": "L-B683BCB0",
    "aws:sagemaker/userProfile:UserProfile": "L-AC46C40F",
    "aws:sagemaker/mlflowTrackingServer:MlflowTrackingServer": "L-6BC1B1A9",
    "aws:sagemaker/featureGroup:FeatureGroup": "Feature groups per account",
    "aws:sagemaker/modelPackageGroup:ModelPackageGroup": "L-BC8DC54C",
    "aws:ec2/vpc:Vpc": "L-F678F1CE",
    "aws:ec2/securityGroup:SecurityGroup": "L-E79EC296",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": "L-E79EC296",
    "aws:ec2/eip:Eip": "L-0263D0A3",
    "aws:ec2transitgateway/transitGateway:TransitGateway": "L-A2478D36",
    "aws:kms/key:Key": "L-C2F1777E",
    "aws:kms/replicaKey:ReplicaKey": "L-C2F1777E",
    "aws:rds/instance:Instance": "L-7B6409FD",
    "aws:s3/bucket:Bucket": "L-DC2B2D3D",
    "aws:iam/role:Role": "L-FE177D64",
    "aws:iam/policy:Policy": "L-E95E4862",
}
"""Type: code or name of the quota on how many of it there are."""
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
INTERFACES, GATEWAYS = "L-29B6F2EB", "L-1B52E74A"
RULES, POLICIES = "L-0EA8095F", "L-0DA4ABF3"
MOST = {
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": (RULES, "securityGroupId"),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": (RULES, "securityGroupId"),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": (POLICIES, "role"),
    ENDPOINT: (INTERFACES, "vpcId"),
}
"""Type: quota on how many of it share something, and what."""
NETWORKS, GROUPS, ACCOUNTS = "L-F678F1CE", "L-E79EC296", "L-E619E033"
GLOBAL = {ACCOUNTS, POLICIES, "L-DC2B2D3D", "L-FE177D64", "L-E95E4862"}
ALL = {*COUNTED.values(), *(code for code, _ in MOST.values()), GATEWAYS}


def made_by(recording, home):
    """How many there are by region and quota."""
    found, shared = Counter(), defaultdict(Counter)
    for resource in recording.made():
        region = resource.inputs.get("region", home)
        gateway = resource.inputs.get("vpcEndpointType") == "Gateway"
        if code := GATEWAYS if gateway else COUNTED.get(resource.type):
            found[GLOBAL_REGION if code in GLOBAL else region, code] += 1
        if resource.type in MOST and not gateway:
            code, key = MOST[resource.type]
            place = GLOBAL_REGION if code in GLOBAL else region
            shared[place, code][resource.type, resource.inputs[key]] += 1
    return found + Counter({place: max(each.values()) for place, each in shared.items()})


def there_anyway(stack, made, existing):
    """What stands beside it: default networks and their groups, SageMaker's own, the management account, a network."""
    found = Counter({(GLOBAL_REGION, ACCOUNTS): int(stack == "org")})
    for region, code in made:
        found[region, NETWORKS] += code == GROUPS
        found[region, GROUPS] += code == GROUPS
        found[region, GROUPS] += 2 * (code == "L-B683BCB0")
        if code == GROUPS and existing:
            # The network team's: a VPC with its default group, and endpoints with theirs.
            found += {(region, NETWORKS): 1, (region, GROUPS): 2, (region, GATEWAYS): 1, (region, INTERFACES): existing}
    return found


@pytest.mark.shows("L8")
@pytest.mark.parametrize("example", ["organisation", "churn", "shared-platform", "every-key"])
def test_what_quotas_are_held_against_is_what_the_stacks_make(example):
    zone = planner.read(planner.EXAMPLES.with_name(example))
    wanted = defaultdict(Counter)
    for need in needs(zone, granted_of(zone)):
        code = need.quota.code or need.quota.name
        if code in ALL:
            wanted[need.stack][need.region, code] = need.number
    accounts = {stack: each.account for stack, each in {**zone.platforms, **zone.teams}.items()}

    for stack in ("org", *accounts):
        home = accounts[stack].region if stack in accounts else zone.organization.home_region
        team = zone.teams.get(stack)
        existing = sum(not each.gateway for each in team.endpoints) if team and team.network.existing else 0
        made = made_by(recordings.of_example(example, stack), home)
        if team is None:
            del made[GLOBAL_REGION, POLICIES]  # a single one each
        made += there_anyway(stack, made, existing)

        assert dict(made) == wanted[stack], stack
