"""SNS and SQS."""

from collections.abc import Iterator

from policies.rules._documents import document
from policies.rules._reach import public_statements, unnamed_actions
from policies.rules.jobs import present
from policies.rules.plain import Reader, is_set
from policies.rules.registry import rule

rule("sns-encrypted", "set kmsMasterKeyId")(present("kmsMasterKeyId"))


@rule("sqs-encrypted", "set kmsMasterKeyId, or leave sqsManagedSseEnabled out")
def queue_encrypted(r: Reader) -> Iterator[str]:
    """AWS encrypts a new queue with a key of its own unless told not to.

    Source: AWS Compute Blog, "Announcing server-side encryption with Amazon Simple Queue Service-managed encryption
    keys (SSE-SQS) by default", read 2026-11-29.
    """
    if r.none_of(("kmsMasterKeyId", is_set), ("sqsManagedSseEnabled", lambda own: own not in (False, "false"))):
        yield "sqsManagedSseEnabled is false and kmsMasterKeyId is not set"


@rule("sns-policy-not-public", "name the principals, or add aws:SourceAccount")
def topic_policy(r: Reader) -> Iterator[str]:
    """An Allow with NotAction or NotPrincipal allows what nobody thought of."""
    policy = document(r, "policy")
    yield from public_statements(policy)
    yield from unnamed_actions(policy)


@rule("sqs-policy-not-public", "name the principals and the actions")
def queue_policy(r: Reader) -> Iterator[str]:
    """Also no sqs:*, nor all but some: a sender must not be able to delete the queue."""
    policy = document(r, "policy")
    yield from public_statements(policy)
    yield from unnamed_actions(policy, "sqs")
