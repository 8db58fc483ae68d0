"""SNS and SQS."""

from collections.abc import Iterator

from policies.rules._documents import document
from policies.rules._reach import public_statements, unnamed_actions
from policies.rules.jobs import present
from policies.rules.plain import Reader, is_set, is_true
from policies.rules.registry import rule

rule("sns-encrypted", "set kmsMasterKeyId")(present("kmsMasterKeyId"))


@rule("sqs-encrypted", "set kmsMasterKeyId, or leave sqsManagedSseEnabled true")
def queue_encrypted(r: Reader) -> Iterator[str]:
    """Without either, messages are stored as they came."""
    if not r.any_of(("kmsMasterKeyId", is_set), ("sqsManagedSseEnabled", is_true)):
        yield "neither kmsMasterKeyId nor sqsManagedSseEnabled is set"


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
