"""An image on this machine: a virtual environment, and an image of Podman's where there is one.

It is pushed as any image is, by ECR's PutImage, so that a job finds it in its repository, under the rights and the
immutable tags that it has there. The manifest's annotations say where its contents lie on this machine.
Source: OCI Image Specification v1.1, "Image Manifest" and "Annotations" (reverse domain notation): from memory.
"""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"
_PREFIX = "mlz.local."


@dataclass(frozen=True, kw_only=True)
class LocalImage:
    """What a container starts from."""

    python: Path
    """Python of the environment that has the image's packages."""

    path: tuple[Path, ...]
    """Folders of the image's own code: PYTHONPATH."""

    entrypoint: tuple[str, ...]
    """Arguments of Python before the container's command: ("-m", "churn")."""

    podman: str = ""
    """Name of the same image in Podman's store; empty: it was not built."""

    def manifest(self) -> str:
        """Return the image manifest that PutImage takes; the same image has the same one."""
        annotations = {
            f"{_PREFIX}python": str(self.python),
            f"{_PREFIX}path": os.pathsep.join(str(each) for each in self.path),
            f"{_PREFIX}entrypoint": json.dumps(list(self.entrypoint)),
            f"{_PREFIX}podman": self.podman,
        }
        said = json.dumps(annotations, sort_keys=True).encode()
        config = {"mediaType": "application/vnd.oci.image.config.v1+json", "size": len(said)}
        return json.dumps(
            {
                "schemaVersion": 2,
                "mediaType": MANIFEST_TYPE,
                "config": {**config, "digest": f"sha256:{hashlib.sha256(said).hexdigest()}"},
                "layers": [],
                "annotations": annotations,
            }
        )

    def command(self, *arguments: str) -> list[str]:
        """Return what starts the container's own entry point."""
        return [str(self.python), *self.entrypoint, *arguments]

    def replaced(self, entrypoint: list[str]) -> list[str]:
        """Return a command that a request gives instead: its python is the image's."""
        first, *rest = entrypoint
        return [str(self.python) if Path(first).name in {"python", "python3"} else first, *rest]


def read_image(manifest: str) -> LocalImage | None:
    """Return what *manifest* names; None: an image that nobody has on this machine."""
    annotations = json.loads(manifest).get("annotations") or {}
    if f"{_PREFIX}python" not in annotations:
        return None
    return LocalImage(
        python=Path(annotations[f"{_PREFIX}python"]),
        path=tuple(Path(each) for each in annotations[f"{_PREFIX}path"].split(os.pathsep) if each),
        entrypoint=tuple(json.loads(annotations[f"{_PREFIX}entrypoint"])),
        podman=annotations.get(f"{_PREFIX}podman", ""),
    )
