"""The examples as they are before AWS has raised anything for them."""

import re
import shutil
from pathlib import Path

from zone.plan.planner import EXAMPLES

_QUOTAS = re.compile(r"(?:^#[^\n]*\n)?^quotas:[^\n]*\n(?:  [^\n]*\n)*", re.MULTILINE)


def without_quotas(to: Path) -> Path:
    """Copy the examples to a folder and take out what their files declare raised."""
    folder = Path(shutil.copytree(EXAMPLES, to))
    for file in folder.glob("*/*.yaml"):
        file.write_text(_QUOTAS.sub("", file.read_text()))
    return folder
