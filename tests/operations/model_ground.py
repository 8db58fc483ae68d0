"""A team's account for models in the emulated AWS, without Pulumi: its names are the plan's, its roles may do all.

Which rights the real roles have is shown where a stack is deployed (tests/local/test_churn_on_engine.py).
"""

from dataclasses import dataclass, replace
from pathlib import Path

from cli.model_place import Person
from local.cloud import Cloud
from local.person import Clients, administrator, person
from operations.model.place import Place, place_of
from tests.local.people import allow, document
from zone import names
from zone.plan.planner import EXAMPLES, read
from zone.specs.vocabulary import Persona

ZONE = read(EXAMPLES, EXAMPLES / "ids.lock.yaml")
TEAM = replace(ZONE.teams["dev-fraud"], models=("tiny",), datasets=("rows",))
_ENDPOINTS = ("s3", "logs", "monitoring", "sagemaker.api", "ssm", "sts", "ecr.api", "kms")


@dataclass
class Ground:
    """What cli.model_place gives, made by hand."""

    cloud: Cloud
    folder: Path
    administrator: Clients
    place: Place
    accounts: Path = EXAMPLES
    team = TEAM
    pause_seconds = 0.05
    fresh = False
    tracked_at = ("", {})

    @property
    def records(self) -> Path:
        return self.folder / "records"

    @property
    def reports(self) -> Path:
        return self.folder / "reports"

    def up(self, _stacks=None):
        """Nothing is to be deployed."""

    def read_again(self):
        """Nothing is planned."""

    def person(self, persona, wanted=None):
        """A member with a role of the same name."""
        role = self.place.role(names.PERSONA_ROLES[persona.value])
        who = {Persona.ML_ENGINEER: "ben", Persona.REVIEWER: "chi", Persona.DATA_SCIENTIST: "ana"}[persona]
        acting = person(self.cloud, role, {}, region=TEAM.account.region, vpc=self.place.contract["network/vpc-id"])
        return Person(name=f"{wanted or who}@example.com", clients=acting)


def ground(cloud, folder):
    """Make the account's network, keys, buckets, roles and registry; return what works there."""
    account = TEAM.account
    cloud.ask("accounts", {account.email: account.account_id})
    quotas = {account.email: dict(account.quotas)}
    cloud.ask("declared", {"quotas": quotas, "users": {}, "groups": {}, "certificates": []})
    ours = administrator(cloud, account.account_id, account.role, region=account.region)
    contract = {**_network(ours), **_stored(ours)}
    _roles(ours)
    ours("ecr").create_repository(repositoryName=names.repository(TEAM.team, "tiny"), imageTagMutability="IMMUTABLE")
    ours("sagemaker").create_model_package_group(ModelPackageGroupName=names.model_package_group(TEAM.team, "tiny"))
    said = [{"Name": names.ssm_path(name), "Value": value} for name, value in contract.items()]
    return Ground(cloud, folder, ours, place_of(TEAM, said))


def _network(ours):
    ec2, cidr = ours("ec2"), str(TEAM.network.cidr)
    vpc = ec2.create_vpc(CidrBlock=cidr)["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock=cidr)["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="workloads", Description="workloads", VpcId=vpc)["GroupId"]
    for service in _ENDPOINTS:
        kind = "Gateway" if service == "s3" else "Interface"
        name = f"com.amazonaws.{TEAM.account.region}.{service}"
        ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=name, VpcEndpointType=kind)
    return {"network/vpc-id": vpc, "network/subnet-ids": subnet, "network/security-group-id": group}


def _stored(ours):
    made = {}
    for purpose in names.BUCKET_PURPOSES:
        bucket = names.bucket(TEAM.account.key, purpose, TEAM.account.account_id)
        where = {"LocationConstraint": TEAM.account.region}
        ours("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=where)
        made[f"buckets/{purpose}"] = bucket
        made[f"keys/{purpose}"] = ours("kms").create_key()["KeyMetadata"]["Arn"]
    return made


def _roles(ours):
    trust = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
    for stem in ("processing", "training", "tuning", "ingestion", "data-scientist", "ml-engineer", "reviewer"):
        ours("iam").create_role(RoleName=names.role(stem), Path=names.PATH, AssumeRolePolicyDocument=document(trust))
        ours("iam").put_role_policy(RoleName=names.role(stem), PolicyName="all", PolicyDocument=document(allow("*")))
