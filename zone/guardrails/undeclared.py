"""Guardrail: what no spec can declare is not started."""

from collections.abc import Sequence

from zone.guardrails.enforcement import Guardrail
from zone.guardrails.statement import deny, document


def undeclared(organizational_units: Sequence[str]) -> Guardrail:
    """Refuse SageMaker calls that start instances no condition key can hold to a team's list, or of AWS's choice."""
    return Guardrail(
        key="deny-undeclared-sagemaker",
        description="SageMaker clusters, AutoML, benchmarks and reserved capacity are off: no spec declares them and "
        "no condition can hold most of them to a team's instance types.",
        document=document(
            deny(
                "Undeclared",
                [
                    "sagemaker:BatchAddClusterNodes",
                    "sagemaker:CreateAlgorithm",
                    "sagemaker:CreateAutoMLJob",
                    "sagemaker:CreateAutoMLJobV2",
                    "sagemaker:CreateCluster",
                    "sagemaker:CreateComputeQuota",
                    "sagemaker:CreateInferenceExperiment",
                    "sagemaker:CreateInferenceRecommendationsJob",
                    "sagemaker:CreateOptimizationJob",
                    "sagemaker:CreateTrainingPlan",
                    "sagemaker:UpdateCluster",
                    "sagemaker:UpdateComputeQuota",
                    "sagemaker:UpdateInferenceExperiment",
                ],
            )
        ),
        targets=tuple(organizational_units),
    )
