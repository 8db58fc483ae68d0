"""Facts about an environment's shared account: the type of the platform.yaml files."""

from typing import Literal

from pydantic import Field

from zone.specs.account import Account
from zone.specs.images import CacheRule, ImageRepository, StudioImage, Upstream
from zone.specs.values import Key


class PlatformAccount(Account):
    """The account of an environment that holds what teams share: MLflow, images."""

    kind: Literal["platform"]
    """Which kind of account this file describes."""

    images: dict[Key, ImageRepository] = Field(default_factory=dict)
    """Image repositories of the environment by name: the whole organisation pulls, images/<name>."""

    image_builds: bool = False
    """`true`: CodeBuild makes images of zips with a Dockerfile, into `images`; MLflow's own is built so. It works in
    AWS's network, so that it reaches public registries and packages: what is built here the whole environment runs, and
    a Dockerfile should name both by digest or hash."""

    image_scan: Literal["basic", "enhanced"] = "basic"
    """basic: ECR scans each image when it is pushed, free of charge. enhanced: Amazon Inspector scans it then and again
    whenever it learns of a vulnerability, language packages too, and bills each scan."""

    pull_through: dict[Upstream, CacheRule] = Field(default_factory=dict)
    """Registries of others whose images teams pull through a cache here, as <registry of the platform>/<name>/…."""

    studio_images: dict[Key, StudioImage] = Field(default_factory=dict)
    """Images of Studio apps by name; a team has those that it lists under `studio.images`."""
