"""Guardrail: no long-lived credentials."""

from zone.guardrails.enforcement import Guardrail
from zone.guardrails.statement import deny, document


def identities() -> Guardrail:
    """Refuse IAM users and every credential that does not expire, to Pulumi too; root's access keys included."""
    return Guardrail(
        key="deny-lasting-credentials",
        description="No IAM users, access keys, passwords or certificates: people and machines take roles.",
        document=document(
            deny(
                "LastingCredentials",
                [
                    "iam:CreateAccessKey",
                    "iam:CreateLoginProfile",
                    "iam:CreateServiceSpecificCredential",
                    "iam:CreateUser",
                    "iam:UploadSSHPublicKey",
                    "iam:UploadSigningCertificate",
                ],
            )
        ),
        targets=("root",),
    )
