"""The arrows between the rooms: who may import whom."""

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
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


def modules(path: Path) -> Iterator[str]:
    """Whole names of the modules that *path* imports at its top."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def libraries(path: Path, seen: set[Path]) -> set[str]:
    """Top-level names from outside the project that *path* imports, and the files of the project that it imports."""
    seen.add(path)
    found = set()
    for module in modules(path):
        top = module.split(".")[0]
        if not (ROOT / top).is_dir():
            found.add(top)
            continue
        place = ROOT / Path(*module.split("."))
        for file in (place.with_suffix(".py"), place / "__init__.py"):
            if file.exists() and file not in seen:
                found |= libraries(file, seen)
    return found


@pytest.mark.parametrize("benchmark", sorted((ROOT / "benchmarks").glob("*.py")), ids=lambda path: path.stem)
def test_a_benchmark_runs_in_the_users_environment(benchmark):
    normal = [re.sub(r"[-_.]+", "-", line).lower() for line in (ROOT / "lock" / "user.txt").read_text().splitlines()]
    users = {line.partition("==")[0] for line in normal if "==" in line}
    owners = packages_distributions()
    outside = {
        name
        for name in libraries(benchmark, set()) - sys.stdlib_module_names
        if not {re.sub(r"[-_.]+", "-", owner).lower() for owner in owners.get(name, ())} & users
    }

    assert set() == outside


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
