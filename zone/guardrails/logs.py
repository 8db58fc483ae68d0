"""Guardrail: nobody wipes traces."""

from zone.guardrails.enforcement import Guardrail
from zone.guardrails.statement import deny, document, unless_provisioning


def logs(provisioning_role: str) -> Guardrail:
    """Refuse to stop, change or delete trails, flow logs and log groups to all but the provisioning role."""
    return Guardrail(
        key="protect-logs",
        description="Trails, flow logs and log groups are stopped, changed or deleted by Pulumi only.",
        document=document(
            deny(
                "Traces",
                [
                    "cloudtrail:DeleteTrail",
                    "cloudtrail:PutEventSelectors",
                    "cloudtrail:PutInsightSelectors",
                    "cloudtrail:StopLogging",
                    "cloudtrail:UpdateTrail",
                    "ec2:DeleteFlowLogs",
                    "logs:DeleteLogGroup",
                    "logs:DeleteLogStream",
                    "logs:DeleteRetentionPolicy",
                    "logs:DisassociateKmsKey",
                    "logs:PutRetentionPolicy",
                ],
                unless_provisioning(provisioning_role),
            )
        ),
        targets=("root",),
    )
