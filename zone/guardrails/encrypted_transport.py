"""Guardrail: nothing is read or written in the clear."""

from zone.guardrails.enforcement import Guardrail, PolicyType
from zone.guardrails.statement import deny_everyone, document


def encrypted_transport() -> Guardrail:
    """Refuse plain HTTP to S3 and SQS, the two services in use that still take it."""
    return Guardrail(
        key="deny-plain-http",
        type=PolicyType.RESOURCE_CONTROL,
        description="Buckets and queues answer over TLS only.",
        document=document(
            deny_everyone("PlainHttp", ["s3:*", "sqs:*"], {"BoolIfExists": {"aws:SecureTransport": "false"}})
        ),
        targets=("root",),
    )
