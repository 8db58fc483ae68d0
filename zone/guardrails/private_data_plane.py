"""Guardrail: features, models and queries answer inside the organisation's networks."""

from collections.abc import Sequence
from typing import Final

from zone import names, serving_names
from zone.guardrails.enforcement import Guardrail
from zone.guardrails.statement import Condition, deny, document

_OURS: Final[Condition] = {
    "ArnLike": {"aws:PrincipalArn": [names.iam_arn("*", "role", "*")]},
    "BoolIfExists": {"aws:ViaAWSService": "false"},
}
"""Our roles themselves, and no service that asks in their name."""

_NOWHERE: Final[Condition] = {"Null": {"aws:SourceVpce": "true"}}
"""From outside any VPC endpoint."""


def private_data_plane(organization_id: str, organizational_units: Sequence[str]) -> Guardrail:
    """Refuse to our roles, outside any VPC endpoint, what gives data away without a bucket, and another role.

    SageMaker and STS don't say whose endpoint a call comes through (aws:VpceOrgID), so any endpoint passes; Athena
    does (IAM User Guide, "AWS global condition context keys"). SageMaker's other calls are those of Studio's own pages,
    which make them from the person's browser (SageMaker Developer Guide, "Connect Studio in a VPC to external
    resources"); MLflow's pages are opened there too ("Launch the MLflow UI using a presigned URL"). Read 2026-11-29.

    API Gateway asks a model with a role of ours from AWS's own network. aws:ViaAWSService is true for forward access
    sessions only and aws:CalledVia is absent where a service works with a role (the first page, both keys, read
    2026-11-30), so neither tells it apart. These roles are left out by name, for asking models only: nobody but API
    Gateway takes one, each may ask one endpoint, and under this path only Pulumi's role makes any (foundation.py).
    """
    gateways = names.role_arn("*", serving_names.api_role("*"))
    return Guardrail(
        key="private-data-plane",
        description="Our roles read and write feature records, ask models, query and take further roles from within a "
        "VPC only: credentials that leave the network, as Studio's pages have them, do none of it. An endpoint's HTTP "
        "API asks its model with a role that nothing but API Gateway takes.",
        document=document(
            # Wildcards, so that what AWS adds is held: records in batches, streams in both directions.
            deny("DataFromElsewhere", ["sagemaker:*Record*", "sts:AssumeRole"], {**_OURS, **_NOWHERE}),
            deny(
                "AnswersFromElsewhere",
                ["sagemaker:InvokeEndpoint*"],
                {**_OURS, **_NOWHERE, "ArnNotLike": {"aws:PrincipalArn": [gateways]}},
            ),
            deny(
                "QueriesFromElsewhere",
                ["athena:GetQueryResults*", "athena:StartQueryExecution"],
                {**_OURS, "StringNotEquals": {"aws:VpceOrgID": [organization_id]}},
            ),
        ),
        targets=tuple(organizational_units),
    )
