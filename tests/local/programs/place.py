"""Where the programs of these tests work: accounts of an emulated organisation, and policies in short."""

import json
import os

import pulumi
import pulumi_aws as aws

MANAGEMENT, PLATFORM, TEAM = "1" * 12, "2" * 12, "3" * 12
REGION = "eu-west-1"


def account(name, number):
    """Options that put a resource into an account, with the owner's tag."""
    role = f"arn:aws:iam::{number}:role/OrganizationAccountAccessRole"
    provider = aws.Provider(
        name,
        region=REGION,
        allowed_account_ids=[number],
        assume_roles=[{"role_arn": role}] if number != MANAGEMENT else [],
        default_tags={"tags": {"owner": os.environ.get("OWNER", "one")}},
    )
    return pulumi.ResourceOptions(provider=provider)


def after(options, *things, **more):
    """The same options, once *things* are there."""
    return pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(depends_on=list(things), **more))


def document(*statements):
    """A policy that allows these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **each} for each in statements]})


def trust(service):
    """The trust policy of a role for a service."""
    return document({"Principal": {"Service": service}, "Action": "sts:AssumeRole"})


def key(options):
    """A key for the platform's account, its logs and what tells people."""
    crypt = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
    services = [f"logs.{REGION}.amazonaws.com", "cloudwatch.amazonaws.com", "events.amazonaws.com"]
    policy = document(
        {"Principal": {"AWS": f"arn:aws:iam::{PLATFORM}:root"}, "Action": "kms:*", "Resource": "*"},
        {"Principal": {"Service": services}, "Action": crypt, "Resource": "*"},
    )
    return aws.kms.Key("key", policy=policy, enable_key_rotation=True, opts=options)


def network(name, block, options):
    """A VPC with two subnets."""
    cidr = f"10.{block}.0.0/16"
    vpc = aws.ec2.Vpc(f"{name}-vpc", cidr_block=cidr, enable_dns_hostnames=True, enable_dns_support=True, opts=options)
    subnets = [
        aws.ec2.Subnet(
            f"{name}-{i}",
            vpc_id=vpc.id,
            cidr_block=f"10.{block}.{i}.0/24",
            availability_zone=f"{REGION}{zone}",
            opts=options,
        )
        for i, zone in enumerate("ab")
    ]
    return vpc, subnets
