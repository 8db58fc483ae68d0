"""Resources that carry policies of their own, besides the keys, buckets and roles of test_authority.py."""

import pytest
from botocore.exceptions import ClientError

from tests.local.people import ACCOUNT, document


def refusal(call, **params):
    with pytest.raises(ClientError) as error:
        call(**params)
    return error.value.response["Error"]["Message"]


def denying(action):
    return document({"Effect": "Deny", "Principal": {"AWS": ACCOUNT}, "Action": action, "Resource": "*"})


def test_a_queue_refuses_whom_its_policy_denies(client):
    sqs = client("sqs")
    url = sqs.create_queue(QueueName="refusing")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="x")

    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": denying("sqs:SendMessage")})

    told = refusal(sqs.send_message, QueueUrl=url, MessageBody="x")
    assert "explicit deny in a resource-based policy" in told


def test_a_topic_refuses_whom_its_policy_denies(client):
    sns = client("sns")
    topic = sns.create_topic(Name="refusing")["TopicArn"]
    sns.publish(TopicArn=topic, Message="x")

    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=denying("sns:Publish"))

    assert "explicit deny in a resource-based policy" in refusal(sns.publish, TopicArn=topic, Message="x")


def test_a_secret_refuses_whom_its_policy_denies(client):
    secrets = client("secretsmanager")
    secret = secrets.create_secret(Name="refusing", SecretString="x")["ARN"]
    assert "x" == secrets.get_secret_value(SecretId=secret)["SecretString"]

    secrets.put_resource_policy(SecretId=secret, ResourcePolicy=denying("secretsmanager:GetSecretValue"))

    assert "explicit deny in a resource-based policy" in refusal(secrets.get_secret_value, SecretId=secret)
