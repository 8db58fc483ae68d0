"""What a platform says of images: repositories, registries it caches, and images for Studio."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from zone.specs.spec import Spec
from zone.specs.values import Key, Region, Unique, words


class Upstream(StrEnum):
    """Registries that ECR pulls through.

    Source: Amazon ECR User Guide, "Sync an upstream registry with an Amazon ECR private registry", read 2026-11-30.
    Not here: those whose address is each customer's own (Azure), and ECR itself, which replication serves.
    """

    ECR_PUBLIC = "ecr-public"
    QUAY = "quay"
    KUBERNETES = "kubernetes"
    DOCKER_HUB = "docker-hub"
    GITHUB = "github"


SecretArn = Annotated[
    str,
    StringConstraints(
        pattern=r"^arn:aws:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:ecr-pullthroughcache/[A-Za-z0-9/_+=.@-]+$",
        max_length=612,
    ),
    words("the ARN of a secret whose name begins with ecr-pullthroughcache/"),
]
"""A secret of the platform's account and region, for an upstream (botocore 1.44.8, ecr, CredentialArn)."""

ImageTag = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$"),
    words("1 to 128 letters, digits and . _ -, no . or - at its beginning"),
]
"""Tag of an image (OCI Distribution Specification)."""

EnvironmentName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=256),
    words("letters, digits and _, no digit first"),
]
"""Environment variable of a container."""


EnvironmentValue = Annotated[str, StringConstraints(max_length=256)]
"""Value of an environment variable."""


class ImageRepository(Spec):
    """An image repository of the platform: tags never move, every push is scanned, the platform's key encrypts."""

    keep: Annotated[int, Field(ge=5, le=1000)] = 100
    """Images kept [count, 5 to 1000]: with more, ECR deletes those pushed first. One that still runs is pulled again
    when it starts, so keep more than are in use."""

    replicate_to: Unique[Region] = ()
    """Further regions to which ECR copies what is pushed from then on, encrypted by a key of each region."""


class CacheRule(Spec):
    """How an upstream registry is reached."""

    credentials: SecretArn | None = None
    """Secret with the upstream's user name and access token; docker-hub and github need one, the others take none."""


class StudioImage(Spec):
    """An image that JupyterLab or Code Editor runs; its kernels are those that are installed in it."""

    image: Key
    """The repository, one of `images`."""

    tag: ImageTag
    """Its tag; tags never move, so another image has another tag here, and apps take it when they start anew."""

    app: Literal["jupyterlab", "code_editor"]
    """What it runs: the image must serve that app as AWS's page says (docs/images.md)."""

    display_name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 _-]{1,128}$"), words("letters, digits, _ -")]
    """What people see in Studio's list."""

    entrypoint: Annotated[
        tuple[Annotated[str, StringConstraints(min_length=1, max_length=256)], ...], Field(max_length=1)
    ] = ()
    """Command that starts the app [at most one]; if not given, the image's own."""

    arguments: Annotated[
        tuple[Annotated[str, StringConstraints(min_length=1, max_length=64)], ...], Field(max_length=50)
    ] = ()
    """Arguments of the command [at most 50]."""

    environment: dict[EnvironmentName, EnvironmentValue] = Field(default_factory=dict, max_length=24)
    """Environment variables [at most 24, MLZ_IMAGE is set]; no secrets, they are seen in the account."""
