"""IAM: moto applies a Deny of a bucket policy without looking at its condition, and so denies everything.

The emulated AWS proves that stacks deploy, never a guardrail; so a Deny with a condition denies nothing here.
"""

from typing import Any

from moto.iam.access_control import IAMPolicyStatement, PermissionResult


def install() -> None:
    """Mend IAMPolicyStatement."""
    judge = IAMPolicyStatement.is_action_permitted

    def judge_without_conditions(self: Any, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - moto's own signature
        if self._statement.get("Effect") == "Deny" and self._statement.get("Condition"):
            return PermissionResult.NEUTRAL
        return judge(self, *given, **named)

    IAMPolicyStatement.is_action_permitted = judge_without_conditions  # type: ignore[method-assign] # mends moto
