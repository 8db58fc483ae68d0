"""DynamoDB, Kinesis, Backup, Bedrock and EventBridge beyond the core."""

from collections.abc import Iterator
from typing import Any

from policies.rules._documents import document
from policies.rules._reach import is_anybody, is_restricted, public_statements, unnamed_actions
from policies.rules.jobs import present
from policies.rules.plain import Reader, is_set
from policies.rules.registry import rule

rule("backup-vault-cmk", "set kmsKeyArn to the account's key")(present("kmsKeyArn"))
rule("bedrock-agent-cmk-guardrail", "set customerEncryptionKeyArn and guardrailConfigurations")(
    present("customerEncryptionKeyArn", "guardrailConfigurations")
)


@rule("dynamodb-pitr", "set pointInTimeRecovery.enabled and deletionProtectionEnabled to true")
def table_recoverable(r: Reader) -> Iterator[str]:
    """Both are off where nothing is said."""
    yield from r.unless("pointInTimeRecovery.enabled", True, default=False)
    yield from r.unless("deletionProtectionEnabled", True, default=False)


@rule("kinesis-encrypted", "set encryptionType to KMS and kmsKeyId; for Firehose serverSideEncryption.enabled")
def stream_encrypted(r: Reader) -> Iterator[str]:
    """Firehose refuses encryption of its own where it reads a Kinesis stream."""
    if r.resource.type.endswith(":Stream"):
        yield from r.unless("encryptionType", "KMS", default="NONE")
        yield from r.missing("kmsKeyId")
    elif not is_set(r.get("kinesisSourceConfiguration")):
        yield from r.unless("serverSideEncryption.enabled", True, default=False)


@rule("eventbus-policy", "name the accounts, or add aws:PrincipalOrgID")
def bus_policy(r: Reader) -> Iterator[str]:
    """Events start what listens to them. An EventPermission is one statement in properties of its own."""
    if r.resource.type.endswith(":EventPermission"):
        if is_anybody(str(r.get("principal"))) and not is_restricted(_condition_of(r)):
            yield f"principal is {r.get('principal')}"
        return
    policy = document(r, "policy")
    yield from public_statements(policy)
    yield from unnamed_actions(policy)


def _condition_of(r: Reader) -> dict[str, Any]:
    """Return what an EventPermission's condition is in a policy."""
    kind, key, value = (r.get(f"condition.{name}") for name in ("type", "key", "value"))
    return {"Condition": {kind: {key: value}}} if kind else {}
