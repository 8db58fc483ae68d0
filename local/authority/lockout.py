"""KMS takes no key policy by which whoever sets it could not change it again."""

from collections.abc import Mapping
from typing import Any, Final

from checks.access import Caller, PolicyKind, Target, compile_policy, evaluate, request
from local.handlers.operation import Call

CODE: Final = "MalformedPolicyDocumentException"
MESSAGE: Final = "The new key policy will not allow you to update the key policy in the future."
"""AWS's own words. Source: KMS API Reference, PutKeyPolicy, read 2026-11-29."""


def locked_out(call: Call, action: str, caller: Caller, context: Mapping[str, Any]) -> bool:
    """Whether *call* sets a key policy under which its own caller may not call PutKeyPolicy.

    That identity policies count where the policy leaves the key to them (its statement for the account root) is
    what happens in practice; AWS's page speaks of the key policy only.
    """
    policy = call.params.get("Policy")
    if action not in {"kms:CreateKey", "kms:PutKeyPolicy"} or not policy:
        return False
    if call.params.get("BypassPolicyLockoutSafetyCheck"):
        return False
    key = f"arn:aws:kms:{call.region}:{call.account}:key/{call.params.get('KeyId', 'new')}"
    asked = request(caller.principal.text, "kms:PutKeyPolicy", key, resource_account=call.account, context=context)
    target = Target(policy=("new key policy", compile_policy(policy, PolicyKind.RESOURCE)))
    return not evaluate(asked, caller, target).allowed
