"""KMS: a key that waits for its deletion does nothing any more; moto goes on using it.

Source: KMS Developer Guide, "Key states of AWS KMS keys", column Pending deletion, read 2026-11-29. Where that table
gives two errors, the newer of them.
"""

from typing import Final

from moto.kms.models import kms_backends

from local.authority.held import key_arn
from local.handlers.operation import Call, Refusal, operation

REFUSED: Final = (
    *("CreateAlias", "CreateGrant", "Decrypt", "DeriveSharedSecret", "DisableKey", "DisableKeyRotation", "EnableKey"),
    *("EnableKeyRotation", "Encrypt", "GenerateDataKey", "GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext"),
    *("GenerateDataKeyWithoutPlaintext", "GenerateMac", "GetPublicKey", "ReEncrypt", "ReplicateKey"),
    *("RotateKeyOnDemand", "ScheduleKeyDeletion", "Sign", "TagResource", "UntagResource", "UpdateAlias"),
    *("UpdateKeyDescription", "UpdatePrimaryRegion", "Verify", "VerifyMac"),
)
"""Operations that a key pending deletion refuses; UpdateAlias where it would be the alias's new key."""

_KEY_ID: Final = 36
"""Length of the key id that moto puts before what it has encrypted [bytes]."""


@operation("kms", *REFUSED)
def use(call: Call) -> None:
    """Refuse a key that is pending deletion; hand everything else on."""
    named = [str(call.params[name]) for name in ("KeyId", "TargetKeyId", "DestinationKeyId") if name in call.params]
    sealed = call.params.get("CiphertextBlob")
    if isinstance(sealed, bytes) and not call.params.get("KeyId"):
        named.append(sealed[:_KEY_ID].decode(errors="replace"))
    for name in named:
        arn = key_arn(call.account, call.region, name)
        if arn is None:
            continue
        _, _, _, region, account, resource = arn.split(":", 5)
        key = kms_backends[account][region].keys.get(resource.removeprefix("key/"))
        if key and key.key_state == "PendingDeletion":
            raise Refusal("KMSInvalidStateException", f"{arn} is pending deletion.")
