"""Images pulled from another account's repository: moto looks into the caller's own only.

Source: Amazon ECR API Reference, registryId ("the Amazon Web Services account ID associated with the registry"),
botocore 1.44, read 2026-11-30. Whoever asks was let through before.
"""

from collections.abc import Mapping
from typing import Any

from moto.ecr.models import ecr_backends

from local.handlers.operation import Call, operation


@operation("ecr", "BatchGetImage")
def images(call: Call) -> Mapping[str, Any] | None:
    """Read manifests."""
    owner = str(call.params.get("registryId", call.account))
    if owner == call.account:
        return None
    backend = ecr_backends[owner][call.region]
    found = backend.batch_get_image(call.params["repositoryName"], owner, [*call.params["imageIds"]])
    return {
        "images": [
            {
                "registryId": owner,
                "repositoryName": call.params["repositoryName"],
                "imageId": {"imageDigest": image.get_image_digest()},
                "imageManifest": image.image_manifest,
            }
            for image in found["images"]
        ],
        "failures": found["failures"],
    }
