"""The arrows between the rooms: who may import whom."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SEP = "/"
ROOMS = {"accounts", "components", "stacks", "policies", "checks", "local", "operations", "cli"}
MAY_IMPORT = {
    "accounts": set(),
    "components": {"accounts"},
    "stacks": {"accounts", "components"},
    "policies": {"accounts"},
    "checks": {"accounts", "stacks", "policies"},
    "local": {"accounts"},
    "operations": {"accounts"},
    "cli": ROOMS - {"cli", "components"},
}
FORBIDDEN_LIBRARIES = {
    "accounts": {"pulumi", "pulumi_aws", "boto3", "botocore"},
    "policies/rules": {"pulumi", "pulumi_aws", "pulumi_policy", "boto3"},
}


def imports(path: Path) -> set[str]:
    """Top-level names that *path* imports, wherever in the file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("room", sorted(MAY_IMPORT))
def test_a_room_imports_only_what_the_arrows_allow(room):
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (ROOT / room).rglob("*.py")
        for name in imports(path) & ROOMS - {room} - MAY_IMPORT[room]
    }

    assert set() == wrong


@pytest.mark.parametrize("folder", sorted(FORBIDDEN_LIBRARIES))
def test_pure_rooms_stay_pure(folder):
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (ROOT / folder).rglob("*.py")
        for name in imports(path) & FORBIDDEN_LIBRARIES[folder]
    }

    assert set() == wrong


def test_the_project_does_not_know_its_surroundings():
    own = {Path(__file__), ROOT / ".ci" / "run"}
    wrong = [
        str(path.relative_to(ROOT))
        for folder in [*ROOMS, "tests", "docs", "benchmarks", ".github"]
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path not in own and path.suffix in {".py", ".md", ".yaml", ".yml", ".json"}
        if f"..{SEP}shared" in path.read_text(errors="ignore")
    ]

    assert [] == wrong
