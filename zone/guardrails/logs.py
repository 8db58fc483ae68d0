"""Guardrail: nobody wipes traces."""

from collections.abc import Sequence

from zone.guardrails.enforcement import Guardrail
from zone.guardrails.statement import deny, document, unless_provisioning


def logs(provisioning_roles: Sequence[str]) -> Guardrail:
    """Refuse to stop, change or delete trails, flow logs, log groups and detection to all but the provisioning role."""
    return Guardrail(
        key="protect-logs",
        description="Trails, flow logs, log groups, Config's recorder and GuardDuty's detector are stopped, changed or "
        "deleted by Pulumi only.",
        document=document(
            deny(
                "Traces",
                [
                    "cloudtrail:DeleteTrail",
                    "cloudtrail:PutEventSelectors",
                    "cloudtrail:PutInsightSelectors",
                    "cloudtrail:StopLogging",
                    "cloudtrail:UpdateTrail",
                    "config:DeleteConfigurationRecorder",
                    "config:StopConfigurationRecorder",
                    "ec2:DeleteFlowLogs",
                    "guardduty:DeleteDetector",
                    "logs:DeleteLogGroup",
                    "logs:DeleteLogStream",
                    "logs:DeleteRetentionPolicy",
                    "logs:DisassociateKmsKey",
                    "logs:PutRetentionPolicy",
                ],
                unless_provisioning(provisioning_roles),
            )
        ),
        targets=("root",),
    )
