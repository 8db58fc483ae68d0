"""What the package offers, as data: `python -m components.package.schema` writes schema.json and the page of it.

The engine gets the same schema from the running plugin. The file is for whoever has no engine at hand, and shows in a
review what a change means for other programs.
"""

import json
from pathlib import Path
from typing import Any, Final

from components.package.page import page
from components.package.provider import Package

_ROOT: Final = Path(__file__).parents[2]


def schema() -> dict[str, Any]:
    """Return the package's schema as the plugin says it."""
    said: dict[str, Any] = json.loads(Package().schema or "")
    return said


def files() -> dict[Path, str]:
    """Return each generated file with the text it must have."""
    said = schema()
    return {
        _ROOT / "components" / "schema.json": json.dumps(said, indent=2, ensure_ascii=False, sort_keys=True) + "\n",
        _ROOT / "docs" / "components-reference.md": page(said),
    }


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
