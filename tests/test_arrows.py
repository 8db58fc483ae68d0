"""The arrows between the rooms: who may import whom."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SEP = "/"
ROOMS = {"zone", "components", "stacks", "policies", "checks", "local", "operations", "cli"}
MAY_IMPORT = {
    "zone": set(),
    "components": {"zone"},
    "stacks": {"zone", "components"},
    "policies": {"zone"},
    "checks": {"zone", "stacks", "policies"},
    "local": {"zone", "checks"},
    "operations": {"zone"},
    "cli": ROOMS - {"cli", "components"},
}
ZONE_MAY_IMPORT = {
    "facts": set(),
    "names": set(),
    "platform_names": {"names"},
    "schedule_names": set(),
    "serving_names": set(),
    "specs": {"facts", "names", "platform_names", "serving_names"},
    "guardrails": {"facts", "names", "platform_names", "serving_names", "specs"},
    "plan": {"facts", "names", "platform_names", "schedule_names", "serving_names", "specs", "guardrails"},
}
"""The arrows inside zone/: specs → guardrails → plan, nothing back."""
WORKLOADS = {path.parent.name: path.parent for path in (ROOT / "workloads").glob("*/*/__init__.py")}
"""Packages that run elsewhere: they import nothing of ours, and no room imports them."""
FORBIDDEN_LIBRARIES = {
    "zone": {"pulumi", "pulumi_aws", "boto3", "botocore"},
    "policies/rules": {"pulumi", "pulumi_aws", "pulumi_policy", "boto3"},
}


def modules(path: Path, *, lazy: bool = True) -> set[str]:
    """Whole names of the modules that *path* imports, wherever in the file or (not *lazy*) at its top."""
    tree = ast.parse(path.read_text())
    found: set[str] = set()
    for node in ast.walk(tree) if lazy else tree.body:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def imports(path: Path) -> set[str]:
    """Top-level names that *path* imports."""
    return {name.split(".")[0] for name in modules(path)}


def libraries(path: Path, seen: set[Path]) -> set[str]:
    """Top-level names from outside the project that *path* imports, and the files of the project that it imports."""
    seen.add(path)
    found = set()
    for module in modules(path, lazy=False):
        top = module.split(".")[0]
        if not (ROOT / top).is_dir() and top not in WORKLOADS:
            found.add(top)
            continue
        place = WORKLOADS.get(top, ROOT / top).parent / Path(*module.split("."))
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


def test_workloads_and_rooms_import_nothing_of_each_other():
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for folder in ("workloads", *ROOMS)
        for path in (ROOT / folder).rglob("*.py")
        for name in imports(path) & ({*ROOMS, "tests", "benchmarks"} if folder == "workloads" else {*WORKLOADS})
    }

    assert WORKLOADS
    assert set() == wrong


@pytest.mark.parametrize("part", sorted(ZONE_MAY_IMPORT))
def test_a_part_of_the_zone_imports_only_what_the_arrows_allow(part):
    files = sorted((ROOT / "zone" / part).rglob("*.py")) or [ROOT / "zone" / f"{part}.py"]
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files
        for name in modules(path)
        if name.startswith("zone.") and name.split(".")[1] not in ZONE_MAY_IMPORT[part] | {part}
    }

    assert set() == wrong


def test_components_know_names_and_facts_but_no_plan_and_no_yaml():
    known = {"names", "platform_names", "schedule_names", "serving_names", "facts"}
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (ROOT / "components").rglob("*.py")
        for name in modules(path)
        if name.startswith("zone.") and name.split(".")[1] not in known
    }

    assert set() == wrong


def test_the_zone_has_no_other_parts():
    parts = {path.stem for path in (ROOT / "zone").iterdir() if path.suffix == ".py" or path.is_dir()}

    assert ZONE_MAY_IMPORT.keys() | {"__init__"} == parts - {"__pycache__"}


def test_the_users_folder_holds_no_code():
    kinds = {
        path.suffix
        for path in (ROOT / "examples" / "organisation").rglob("*")
        if path.is_file() and path.suffix != ".lock"
    }

    assert {".yaml", ".json"} == kinds


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
        for folder in [*ROOMS, "workloads", "tests", "docs", "benchmarks", ".github"]
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path not in own and path.suffix in {".py", ".md", ".yaml", ".yml", ".json"}
        if f"..{SEP}shared" in path.read_text(errors="ignore")
    ]

    assert [] == wrong
