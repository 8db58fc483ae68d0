"""The emulated AWS as its own containers find it: its address, a folder for what runs, and who calls from where."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final


@dataclass
class Here:
    """Set once, when the server listens."""

    address: str = ""
    """URL that stands for every AWS service."""

    folder: Path = Path(tempfile.gettempdir())
    """Where containers get folders of their own; gone with the cloud's state folder."""


HERE: Final = Here()

PLACES: Final[dict[str, str]] = {}
"""Access key of a container's session → the VPC its calls come through: its SDK sends no header of ours."""
