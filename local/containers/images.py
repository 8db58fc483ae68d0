"""Images that are folders of this machine: an image manifest's annotation says where the contents lie.

    uri = push(ecr, "mlz-churn-churn", "20261130-1", Path("workloads/churn"))

It is pushed by ECR's PutImage as any image is, under the rights and the immutable tags of its repository. The folder
has a `requirements.txt` with hashes, Python packages, and `bin/` with what a container may be told to start.
Source: OCI Image Specification 1.1, "Image Manifest" and "Annotations" (reverse domain names), from memory.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from local.engine import cache_folder
from local.errors import LocalError

ANNOTATION: Final = "dev.mlz.folder"
MANIFEST_TYPE: Final = "application/vnd.oci.image.manifest.v1+json"
LEFT_OUT: Final = frozenset({"__pycache__", "node_modules"})
"""Folders that are no part of an image, besides hidden ones."""

_URI: Final = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com/(?P<repository>[^:@]+)"
    r"(?:@(?P<digest>sha256:[0-9a-f]{64})|:(?P<tag>[\w.-]+))?$"
)


class ImageError(LocalError):
    """A folder is no image's; the text is for the user."""


def snapshot(folder: Path) -> Path:
    """Return a copy of *folder* in the user's cache, named for its contents: nobody changes it later.

    Raises:
        ImageError: there is no `requirements.txt` in it.
    """
    if not (folder / "requirements.txt").is_file():
        raise ImageError(f"{folder} has no requirements.txt: an image's folder says its packages there, with hashes.")
    total = hashlib.sha256()
    for file in _files(folder):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        total.update(f"{file.relative_to(folder).as_posix()} {os.access(file, os.X_OK)} {content}\n".encode())
    place = cache_folder(os.environ) / "images" / total.hexdigest()
    if place.is_dir():
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(dir=place.parent, prefix=".partial-"))
    try:
        for file in _files(folder):
            target = partial / file.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, target)
            target.chmod(0o555 if os.access(file, os.X_OK) else 0o444)
        partial.chmod(0o755)
        partial.rename(place)
    except OSError:
        if not place.is_dir():  # else somebody else made the same one meanwhile
            raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return place


def _files(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        parts = file.relative_to(folder).parts
        if file.is_file() and not any(part.startswith(".") or part in LEFT_OUT for part in parts):
            yield file


def manifest_of(place: Path) -> str:
    """Return the image manifest of a snapshot; the same contents have the same one."""
    config = json.dumps({"snapshot": place.name}).encode()
    media = "application/vnd.oci.image"
    size = sum(file.stat().st_size for file in _files(place))
    return json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": MANIFEST_TYPE,
            "config": {
                "mediaType": f"{media}.config.v1+json",
                "digest": f"sha256:{hashlib.sha256(config).hexdigest()}",
                "size": len(config),
            },
            "layers": [{"mediaType": f"{media}.layer.v1.tar", "digest": f"sha256:{place.name}", "size": size}],
            "annotations": {ANNOTATION: str(place)},
        }
    )


def push(ecr: Any, repository: str, tag: str, folder: Path) -> str:  # noqa: ANN401 - boto3's client has no type
    """Push *folder* as an image; the same contents under the same tag once more change nothing.

    Args:
        ecr: boto3's client of ECR, of the account whose repository it is.
        repository: the repository's name.
        tag: the image's tag.
        folder: the image's contents; a snapshot of them is taken.

    Returns:
        The image by its digest: …dkr.ecr.…/repository@sha256:….

    Raises:
        ImageError: the folder is no image's.
        botocore.exceptions.ClientError: as ECR refuses it, e.g. ImageTagAlreadyExistsException.
    """
    manifest = manifest_of(snapshot(folder))
    digest = f"sha256:{hashlib.sha256(manifest.encode()).hexdigest()}"
    with_address = ecr.describe_repositories(repositoryNames=[repository])["repositories"][0]
    with contextlib.suppress(ecr.exceptions.ImageAlreadyExistsException):
        ecr.put_image(
            repositoryName=repository,
            imageTag=tag,
            imageManifest=manifest,
            imageManifestMediaType=MANIFEST_TYPE,
            imageDigest=digest,
        )
    return f"{with_address['repositoryUri']}@{digest}"


def folder_in(manifest: str) -> Path | None:
    """Return the folder that an image manifest names; None: the image holds no program on this machine."""
    named = (json.loads(manifest).get("annotations") or {}).get(ANNOTATION)
    return Path(named) if named else None


def address_of(image_uri: str) -> dict[str, str] | None:
    """Return account, region, repository, and digest or tag of an image in ECR; None: it lies elsewhere."""
    found = _URI.match(image_uri)
    if found is None:
        return None
    parts = {name: value for name, value in found.groupdict().items() if value}
    return parts if "digest" in parts else {"tag": "latest", **parts}


def folder_of(image_uri: str) -> Path | None:
    """Return the folder of an image; only within the emulated AWS, which holds the repositories.

    None: nobody has pushed it, or it holds no program on this machine.
    """
    address = address_of(image_uri)
    if address is None:
        return None
    # The command line pushes by this module as well, and need not wait for moto.
    backends = import_module("moto.ecr.models").ecr_backends
    account, region = address["account"], address["region"]
    if account not in backends or region not in backends[account]:  # asking moto would make them
        return None
    repository = backends[account][region].repositories.get(address["repository"])
    for image in repository.images if repository else ():
        if address.get("digest") == image.get_image_digest() or address.get("tag") in image.image_tags:
            return folder_in(image.image_manifest)
    return None
