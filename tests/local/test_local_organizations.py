"""The emulated Organizations knows every policy type the guardrails use."""

import json

from zone.guardrails.enforcement import PolicyType


def content(kind):
    """A document of the type: those that AWS decides calls by are made of statements."""
    if "CONTROL" not in kind.value:
        return "{}"
    deny = {"Effect": "Deny", "Action": "sqs:PurgeQueue", "Resource": "*"}
    whom = {"Principal": "*"} if kind is PolicyType.RESOURCE_CONTROL else {}
    return json.dumps({"Version": "2012-10-17", "Statement": [{**deny, **whom}]})


def test_every_type_of_policy_is_enabled_attached_and_told_again(client):
    organizations = client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    organizations.enable_aws_service_access(ServicePrincipal="ec2.amazonaws.com")
    root = organizations.list_roots()["Roots"][0]["Id"]

    for kind in PolicyType:
        organizations.enable_policy_type(RootId=root, PolicyType=kind.value)
        made = organizations.create_policy(Name=kind.value, Description="d", Content=content(kind), Type=kind.value)[
            "Policy"
        ]
        organizations.attach_policy(PolicyId=made["PolicySummary"]["Id"], TargetId=root)
        listed = organizations.list_policies_for_target(TargetId=root, Filter=kind.value)["Policies"]

        assert f"/{kind.value.lower()}/" in made["PolicySummary"]["Arn"]
        assert (made["PolicySummary"]["Id"], kind.value) in {(each["Id"], each["Type"]) for each in listed}

    enabled = organizations.list_roots()["Roots"][0]["PolicyTypes"]
    assert {kind.value for kind in PolicyType} == {each["Type"] for each in enabled}
