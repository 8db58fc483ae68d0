"""A call whose answer was lost on its way is not carried out twice."""

import pytest
from botocore.exceptions import ClientError

TRUST = '{"Version": "2012-10-17", "Statement": []}'


def numbered(client, number):
    """Send every call of *client* as an attempt of the call *number*, as an SDK does when no answer came."""

    def write(request, **_):
        request.headers["amz-sdk-invocation-id"] = number

    client.meta.events.register("before-send.*", write)
    return client


def test_the_second_attempt_of_a_call_gets_the_first_ones_answer(client):
    first = numbered(client("iam"), "number-1").create_role(RoleName="lost", AssumeRolePolicyDocument=TRUST)
    second = numbered(client("iam"), "number-1").create_role(RoleName="lost", AssumeRolePolicyDocument=TRUST)

    assert first["Role"]["RoleId"] == second["Role"]["RoleId"]


def test_another_call_is_carried_out(client):
    numbered(client("iam"), "number-2").create_role(RoleName="twice", AssumeRolePolicyDocument=TRUST)

    with pytest.raises(ClientError, match="EntityAlreadyExists"):
        numbered(client("iam"), "number-3").create_role(RoleName="twice", AssumeRolePolicyDocument=TRUST)


def test_a_refused_call_is_tried_again_in_earnest(client):
    refused = numbered(client("iam"), "number-4")
    with pytest.raises(ClientError, match="NoSuchEntity"):
        refused.get_role(RoleName="late")
    client("iam").create_role(RoleName="late", AssumeRolePolicyDocument=TRUST)

    assert "late" == numbered(client("iam"), "number-4").get_role(RoleName="late")["Role"]["RoleName"]
