"""Ways out: what would give somebody more than the team declared."""

import json

from tests.journeys.callers import OTHERS, OUTSIDE, Caller
from tests.journeys.step import Stage, step
from zone import names

PART = "Ways out"
EVERYTHING = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})


def trusting(account: str) -> str:
    """A trust policy for everybody in an account."""
    trust = {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [trust]})


@step(PART, "take the provisioning role", also=(OUTSIDE,))
def provisioning(who: Caller, _stage: Stage):
    who.client("sts").assume_role(
        RoleArn=f"arn:aws:iam::{who.team.account}:role/OrganizationAccountAccessRole", RoleSessionName="me"
    )


@step(PART, "take a colleague's or a job's role", also=(OUTSIDE, *OTHERS))
def other_role(who: Caller, stage: Stage):
    team = stage.callers["data-scientist"].team
    stem = "training" if who.stem != "training" else "data-scientist"
    who.client("sts").assume_role(RoleArn=team.role(stem), RoleSessionName="me")


@step(PART, "make a role", also=(OUTSIDE,))
def make_role(who: Caller, _stage: Stage):
    who.client("iam").create_role(RoleName=f"own-{who.slug}", AssumeRolePolicyDocument=trusting(who.team.account))


@step(PART, "give one's own role every right", also=(OUTSIDE,))
def more_rights(who: Caller, _stage: Stage):
    who.client("iam").put_role_policy(RoleName=names.role(who.stem), PolicyName="all", PolicyDocument=EVERYTHING)


@step(PART, "open the data bucket to everybody", also=(OUTSIDE,))
def open_bucket(who: Caller, _stage: Stage):
    bucket = who.team.bucket("data")
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": f"arn:aws:s3:::{bucket}/*"}
    who.client("s3").put_bucket_policy(
        Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    )


@step(PART, "decrypt with the data key by hand, past S3", also=(OUTSIDE, *OTHERS))
def by_hand(who: Caller, stage: Stage):
    team = stage.callers["data-scientist"].team
    who.client("kms").generate_data_key(KeyId=team.key_arn("data"), KeySpec="AES_256")


@step(PART, "grant somebody the data key", also=(OUTSIDE,))
def grant(who: Caller, _stage: Stage):
    who.client("kms").create_grant(
        KeyId=who.team.key_arn("data"), GranteePrincipal=who.team.role("endpoint"), Operations=["Decrypt"]
    )


@step(PART, "let the data key be deleted", also=(OUTSIDE,))
def delete_key(who: Caller, _stage: Stage):
    who.client("kms").schedule_key_deletion(KeyId=who.team.key_arn("data"), PendingWindowInDays=7)


@step(PART, "leave the organisation", also=(OUTSIDE,))
def leave(who: Caller, _stage: Stage):
    who.client("organizations").leave_organization()


@step(PART, "start a virtual machine", also=(OUTSIDE,))
def machine(who: Caller, _stage: Stage):
    who.client("ec2").run_instances(ImageId="ami-12345678", InstanceType="t3.micro", MinCount=1, MaxCount=1)


@step(PART, "delete the Studio domain", also=(OUTSIDE,))
def domain(who: Caller, _stage: Stage):
    who.client("sagemaker").delete_domain(DomainId=who.team.contract["studio/domain-id"])
