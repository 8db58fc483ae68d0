"""IAM: moto judges bucket policies without their conditions; here each call has been decided before moto sees it."""

from typing import Any

from moto.iam.access_control import IAMPolicyStatement, PermissionResult


def install() -> None:
    """Let moto's own judgement be none."""

    def no_judgement(_self: Any, *_given: Any, **_named: Any) -> PermissionResult:  # noqa: ANN401 - moto's own signature
        return PermissionResult.NEUTRAL

    IAMPolicyStatement.is_action_permitted = no_judgement  # type: ignore[assignment,method-assign] # mends moto
