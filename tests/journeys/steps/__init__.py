"""The steps; the page's parts are in the order of PARTS."""

from tests.journeys.steps import (
    buckets,
    data,
    escape,
    features,
    guardrails,
    jobs,
    mlflow,
    models,
    promotion,
    studio,
    watching,
)

PARTS = tuple(
    dict.fromkeys(
        each.PART for each in (studio, data, jobs, features, models, promotion, mlflow, watching, escape, guardrails)
    )
)
__all__ = ["PARTS", "buckets"]
