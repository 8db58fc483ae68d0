"""Grants on endpoints that answer later: who asks, and what the endpoint reads and leaves in the work bucket."""

from components.access.grants.place import Place
from components.access.grants.statement import ENCRYPT, Statement
from zone import serving_names


def ask(place: Place) -> tuple[Statement, ...]:
    """Ask the declared asynchronous endpoints; the question goes to the work bucket first, the answer comes there."""
    if not place.team.asynchronous:
        return ()
    return (
        Statement(
            sid="AskForLater",
            actions=("sagemaker:InvokeEndpointAsync",),
            resources=tuple(
                serving_names.endpoint_arn(place.region, place.account_id, place.team.name, name)
                for name in place.team.asynchronous
            ),
        ),
    )


def answer(place: Place) -> tuple[Statement, ...]:
    """Read what endpoints are asked, and leave answers; SageMaker does both with the endpoint's role.

    The list that AWS gives also has s3:ListBucket: without it a question that is not there is refused instead of not
    found. Source: SageMaker Developer Guide, "Create an Asynchronous Inference Endpoint", Prerequisites, read
    2026-11-30.
    """
    bucket, ours = place.bucket("studio"), {"StringEquals": {"aws:ResourceAccount": place.account_id}}
    endpoints = place.team.asynchronous
    if not endpoints:
        return ()
    return (
        Statement(
            sid="ReadQuestions",
            actions=("s3:GetObject",),
            resources=tuple(f"{bucket}/{serving_names.questions_prefix(name)}/*" for name in endpoints),
            conditions=ours,
        ),
        Statement(
            sid="LeaveAnswers",
            actions=("s3:PutObject", "s3:AbortMultipartUpload"),
            resources=tuple(f"{bucket}/{serving_names.answers_prefix(name)}/*" for name in endpoints),
            conditions=ours,
        ),
        Statement(
            sid="UseWorkKey",
            actions=("kms:Decrypt", *ENCRYPT),
            resources=(place.key_arns["studio"],),
            conditions={"StringEquals": {"kms:ViaService": place.service("s3")}},
        ),
    )
