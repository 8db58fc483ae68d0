"""Write down what becomes ours: keys that a file lacks, new files, and the ids."""

from collections.abc import Mapping
from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML

from operations.adopt.decide import Decision
from operations.adopt.found import Found
from operations.onboarding import HEAD
from zone.plan.lock import write


def record(decision: Decision, found: Found, folder: Path, lock: Path) -> list[Path]:
    """Write the files and the ids of *decision*; return what was changed."""
    changed = []
    for file, lacks in decision.files.items():
        path = folder / file
        before = path.read_text(encoding="utf-8").rstrip("\n") + "\n" if path.exists() else HEAD
        path.write_text(before + text(lacks), encoding="utf-8")
        changed.append(path)
    new = write(
        lock,
        organization_id=found.id,
        ids={each.key: each.account.id for each in decision.ours},
        homes={each.key: each.account.unit for each in decision.ours if each.found_now},
        adopted=decision.adopted,
    )
    return [*changed, lock] if new else changed


def text(lacks: Mapping[str, object]) -> str:
    """The keys as YAML; what people wrote above them is not touched."""
    out = StringIO()
    yaml = YAML()
    yaml.width = 4096
    yaml.dump(dict(lacks), out)
    return out.getvalue()
