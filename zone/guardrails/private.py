"""Guardrail: SageMaker works inside the account's network only."""

from collections.abc import Sequence

from zone.guardrails.enforcement import Guardrail
from zone.guardrails.sagemaker import INLINE_SCHEDULE, JOB_DEFINITIONS, SCHEDULES
from zone.guardrails.statement import deny, document

_TAKE_A_NETWORK = (
    "sagemaker:CreateDomain",
    "sagemaker:CreateHyperParameterTuningJob",
    "sagemaker:CreateModel",
    "sagemaker:CreateNotebookInstance",
    "sagemaker:CreateProcessingJob",
    "sagemaker:CreateTrainingJob",
    *JOB_DEFINITIONS,
)
"""Calls refused without a network. Not CreateTransformJob and CreateEndpointConfig, whose model carries it, and no
Update: it names only what changes."""

_NETWORK_KEYS = {"Subnets": "sagemaker:VpcSubnets", "SecurityGroups": "sagemaker:VpcSecurityGroupIds"}


def private(organizational_units: Sequence[str]) -> Guardrail:
    """Refuse SageMaker resources outside a network, with direct internet access, or reached over the internet.

    Network isolation is a matter of the roles: a model that looks features up can't have it, and this document is the
    same for all teams.
    """
    # A statement a key: two keys in one Null are met only when both are absent, which lets a half-named network pass.
    networks = [
        statement
        for name, key in _NETWORK_KEYS.items()
        for statement in (
            deny(f"No{name}", _TAKE_A_NETWORK, {"Null": {key: "true"}}),
            deny(f"NoScheduled{name}", SCHEDULES, {"Null": {key: "true"} | INLINE_SCHEDULE}),
        )
    ]
    return Guardrail(
        key="private-sagemaker",
        description="SageMaker jobs, models, notebooks and domains are in the account's network, without internet.",
        document=document(
            *networks,
            # AWS's default is PublicInternetOnly, and StringNotEquals holds for the default too. An update names the
            # type only when it changes it.
            deny(
                "PublicDomain",
                ["sagemaker:CreateDomain"],
                {"StringNotEquals": {"sagemaker:AppNetworkAccessType": "VpcOnly"}},
            ),
            deny(
                "DomainMadePublic",
                ["sagemaker:UpdateDomain"],
                {"StringEquals": {"sagemaker:AppNetworkAccessType": "PublicInternetOnly"}},
            ),
            deny(
                "PublicNotebook",
                ["sagemaker:CreateNotebookInstance"],
                {"StringNotEquals": {"sagemaker:DirectInternetAccess": "Disabled"}},
            ),
            # AWS's default is Enabled. A lifecycle script runs as root all the same.
            deny(
                "RootInNotebook",
                ["sagemaker:CreateNotebookInstance"],
                {"StringNotEquals": {"sagemaker:RootAccess": "Disabled"}},
            ),
            deny(
                "NotebookMadeRoot",
                ["sagemaker:UpdateNotebookInstance"],
                {"StringEquals": {"sagemaker:RootAccess": "Enabled"}},
            ),
            # AWS serves this link over the internet only, and whoever holds it is in.
            deny("NotebookLink", ["sagemaker:CreatePresignedNotebookInstanceUrl"]),
            # Serverless endpoints know neither a network nor isolation.
            deny(
                "Serverless", ["sagemaker:CreateEndpointConfig"], {"Null": {"sagemaker:ServerlessMemorySize": "false"}}
            ),
        ),
        targets=tuple(organizational_units),
    )
