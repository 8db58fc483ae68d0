"""The model card, as CreateModelCard takes its Content.

Source: SageMaker Developer Guide, "Model card JSON schema", and CloudFormation's AWS::SageMaker::ModelCard Content,
read 2026-11-30.
"""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from churn import limits
from churn.gate import Check
from churn.model import versions

LONGEST = 1024
"""Characters of a card's texts."""


def card(
    trained: Mapping[str, Any],
    found: Mapping[str, Mapping[str, Any]],
    checks: Sequence[Check],
    weights: Mapping[str, float],
    algorithm: str,
) -> dict[str, Any]:
    """Return the card's content.

    Args:
        trained: training.json, as the train step left it.
        found: measures, as evaluation.json has them.
        checks: the gate's.
        weights: AUC lost where a column is shuffled, by column.
        algorithm: what trained the model.
    """
    refused = [check.name for check in checks if not check.passed]
    about = {
        "data_version": "MLZ_DATA_VERSION",
        "features": "MLZ_FEATURES",
        "git_commit": "MLZ_GIT_COMMIT",
        "source": "MLZ_SOURCE",
        "run": "MLZ_RUN",
    }
    groups = [
        {"name": "quality", "metric_data": [_number(name, one["value"]) for name, one in found.items()]},
        {"name": "gate", "metric_data": [_check(check) for check in checks]},
        {"name": "importance", "metric_data": [_number(name, value) for name, value in weights.items()]},
    ]
    return {
        "model_overview": {
            "model_name": "churn",
            "model_description": "The probability that a customer leaves within 30 days.",
            "problem_type": "Binary classification",
            "algorithm_type": algorithm,
            "model_owner": os.environ.get("MLZ_TEAM", "churn"),
        },
        "intended_uses": {
            "purpose_of_model": "Decide who gets an offer to stay.",
            "intended_uses": f"Customers with a running contract, daily; an offer from a score of {limits.THRESHOLD}.",
            "factors_affecting_model_efficiency": "Prices, contracts and campaigns unlike the training data's.",
            "risk_rating": "Low",
            "explanations_for_risk_rating": "A wrong score costs an offer or a customer; nobody is refused anything.",
        },
        "training_details": {
            "objective_function": {"function": {"function": "Minimize", "facet": "Loss"}, "notes": "Log-loss."},
            "training_observations": f"{trained.get('rows', 'unknown')} customers; {versions()}."[:LONGEST],
            "training_job_details": {
                "training_metrics": [
                    {"name": name, "value": value} for name, value in trained.get("metrics", {}).items()
                ],
                "hyper_parameters": [
                    {"name": name, "value": value} for name, value in trained.get("settings", {}).items()
                ],
            },
        },
        "evaluation_details": [
            {
                "name": "gate",
                "evaluation_observation": f"Refused by {', '.join(refused)}."[:LONGEST]
                if refused
                else "All checks passed.",
                "metadata": {name: os.environ[key] for name, key in about.items() if os.environ.get(key)},
                "metric_groups": [group for group in groups if group["metric_data"]],
            }
        ],
        "additional_information": {
            "ethical_considerations": "Age is no input. The gate and the monitors compare offers between age bands.",
            "caveats_and_recommendations": "Train anew where the monitors see drift.",
        },
    }


def _number(name: str, value: float) -> dict[str, Any]:
    return {"name": name, "type": "number", "value": value}


def _check(check: Check) -> dict[str, Any]:
    return {
        "name": check.name,
        "type": "boolean",
        "value": check.passed,
        "notes": f"{check.value}, limit {check.limit}: {check.why}"[:LONGEST],
    }
