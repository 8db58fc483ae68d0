"""Pure: who asks an endpoint's HTTP API, as the API itself says it."""

from collections.abc import Sequence

import pulumi

from zone.serving_names import API_METHOD


def api_policy(
    execution_arn: pulumi.Input[str],
    *,
    stage: str,
    account_id: str,
    caller_role_arns: Sequence[str],
    source: tuple[str, pulumi.Input[str]],
) -> pulumi.Output[str]:
    """Return the resource policy of a private API.

    A private API without one answers nobody. In one account either the caller's policies or this one may be enough to
    be let in, so it allows by name whom theirs allow, and nobody beside. The refusals hold for whoever else has the
    right, an administrator too.

    Args:
        execution_arn: ARN of the API as its callers name it.
        stage: its stage.
        account_id: its account.
        caller_role_arns: the roles that ask.
        source: condition key and value of the one network it is asked from: aws:SourceVpce or aws:SourceVpc.

    Source: API Gateway Developer Guide, "Invoke a private API", "How API Gateway resource policies affect authorization
    workflow" (IAM authentication, table A) and "AWS condition keys that can be used in API Gateway resource policies",
    read 2026-11-30.
    """
    key, value = source
    everything = pulumi.Output.concat(execution_arn, "/*")
    return pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "Askers",
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{account_id}:root"},
                    "Action": "execute-api:Invoke",
                    "Resource": pulumi.Output.concat(execution_arn, f"/{stage}/{API_METHOD}"),
                    "Condition": {
                        # Roles by condition: AWS refuses a principal that is not there yet, and forgets one made anew.
                        "ArnEquals": {"aws:PrincipalArn": list(caller_role_arns)},
                        "StringEquals": {key: value},
                    },
                },
                {
                    "Sid": "OurNetworkOnly",
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "execute-api:Invoke",
                    "Resource": everything,
                    "Condition": {"StringNotEquals": {key: value}},
                },
                {
                    "Sid": "OurAccountOnly",
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "execute-api:Invoke",
                    "Resource": everything,
                    "Condition": {"StringNotEquals": {"aws:PrincipalAccount": account_id}},
                },
            ],
        },
        separators=(",", ":"),
    )
