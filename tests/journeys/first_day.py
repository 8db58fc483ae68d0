"""The blocks of docs/first-day.md, as a person runs them one after the other in a notebook."""

import ast
import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "first-day.md"
OTHER_LIBRARIES = {"mlflow", "sagemaker"}
"""Libraries that the tests don't have: their blocks are only read."""


def blocks() -> list[str]:
    """Return the page's Python, block by block."""
    return re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)


def foreign(block: str) -> bool:
    """Whether a block imports a library that the tests don't have."""
    imported = {
        (each.module or "").split(".")[0] if isinstance(each, ast.ImportFrom) else name.name
        for each in ast.walk(ast.parse(block))
        if isinstance(each, ast.Import | ast.ImportFrom)
        for name in each.names
    }
    return bool(imported & OTHER_LIBRARIES)


def persona(block: str) -> str:
    """Return who runs a block: its first line says so where it is not the data scientist."""
    said = re.match(r"# as the ([a-z-]+)\n", block)
    return said[1] if said else "data-scientist"
