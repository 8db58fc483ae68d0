"""KMS keys and Secrets Manager."""

from collections.abc import Iterator

from policies.rules._documents import allows, document, principals
from policies.rules._reach import is_account, public_statements, unnamed_actions
from policies.rules.instances import number
from policies.rules.plain import Reader, Resource, is_set, is_true, shown_value
from policies.rules.registry import Stack, rule, stack_rule


@rule("kms-rotation", "set enableKeyRotation to true")
def rotated(r: Reader) -> Iterator[str]:
    """Only symmetric encryption keys with AWS's own material can be rotated."""
    if r.none_of(
        ("enableKeyRotation", is_true),
        ("customerMasterKeySpec", lambda value: value not in (None, "SYMMETRIC_DEFAULT")),
        ("keyUsage", lambda value: value not in (None, "ENCRYPT_DECRYPT")),
        ("customKeyStoreId", is_set),
    ):
        yield from r.unless("enableKeyRotation", True, default=False)


@rule("kms-no-wildcard-principal", "name the account's root or roles, or add kms:CallerAccount")
def key_policy(r: Reader) -> Iterator[str]:
    """Whatever the action: kms:Decrypt alone opens all that the key encrypts.

    An account's root may be given everything, so it may be given everything but some.
    """
    policy = document(r, "policy")
    yield from public_statements(policy)
    named = [each for each in allows(policy) if not all(map(is_account, principals(each) or [""]))]
    yield from unnamed_actions({"Statement": named})


@rule(
    "kms-deletion-window",
    "set deletionWindowInDays to minDeletionWindowDays or more: what a deleted key encrypted is lost",
    settings={"minDeletionWindowDays": 14},
)
def deletion_window(r: Reader) -> Iterator[str]:
    """An absent value is 30 days."""
    for shown, days in r.each("deletionWindowInDays"):
        if is_set(days) and number(days, default=30) < r.settings["minDeletionWindowDays"]:
            yield f"{shown} is {shown_value(days)}, below minDeletionWindowDays"


@rule("secret-cmk", "set kmsKeyId to the account's secrets key")
def secret_key(r: Reader) -> Iterator[str]:
    """AWS's own key cannot be kept from anyone in the account."""
    for shown, key in r.each("kmsKeyId"):
        if not is_set(key) or str(key).endswith("alias/aws/secretsmanager"):
            yield f"{shown} is {shown_value(key, 'aws/secretsmanager')}"


@stack_rule("secret-rotation", "add a SecretRotation, or keep no long-lived secret")
def secret_rotated(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """Each secret has a rotation of its own."""
    for secret in stack.of("aws:secretsmanager/secret:Secret"):
        if stack.about(secret, ["aws:secretsmanager/secretRotation:SecretRotation"], "secretId") == []:
            yield secret, "no SecretRotation is for this secret"


@rule("secret-policy-not-public", "name the principals, and set blockPublicPolicy to true")
def secret_policy(r: Reader) -> Iterator[str]:
    """Inline on the secret or as a SecretPolicy; only the latter has blockPublicPolicy."""
    policy = document(r, "policy")
    yield from public_statements(policy)
    yield from unnamed_actions(policy)
    if r.resource.type.endswith(":SecretPolicy") and not is_true(r.get("blockPublicPolicy")):
        yield "blockPublicPolicy is not true"
