"""Grants on what endpoints keep of their calls."""

from components.access.grants.place import Place
from components.access.grants.statement import ENCRYPT, Statement
from zone.serving_names import capture_prefix


def capture(place: Place) -> tuple[Statement, ...]:
    """Keep calls of endpoints and their answers, where monitors read them; what is kept is never changed.

    Source: SageMaker Developer Guide, "How to use SageMaker AI execution roles" (s3:PutObject for data capture), read
    2026-11-30.
    """
    if not place.team.captured:
        return ()
    return (
        Statement(
            sid="KeepCalls",
            actions=("s3:PutObject", "s3:AbortMultipartUpload"),
            resources=tuple(f"{place.bucket('data')}/{capture_prefix(name)}/*" for name in place.team.captured),
            conditions={"StringEquals": {"aws:ResourceAccount": place.account_id}},
        ),
        Statement(
            sid="EncryptCalls",
            actions=ENCRYPT,
            resources=(place.key_arns["data"],),
            conditions={"StringEquals": {"kms:ViaService": place.service("s3")}},
        ),
    )
