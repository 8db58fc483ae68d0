"""What the README shows works."""

import re
import shutil
from pathlib import Path

import pytest

from zone.plan import planner
from zone.plan.planner import EXAMPLES

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


@pytest.mark.shows("M1")
def test_the_new_team_of_the_readme_is_five_lines_and_legal(tmp_path):
    shown = re.search(r"```yaml\n(.*?)```", README, re.DOTALL)[1]
    folder = Path(shutil.copytree(EXAMPLES, tmp_path / "accounts", ignore=shutil.ignore_patterns("*.py")))
    (folder / "dev" / "pricing.yaml").write_text(shown)

    assert 5 == len(shown.splitlines())
    assert "dev-pricing" in planner.read(folder).teams


def test_every_page_and_room_the_readme_names_exists():
    linked = re.findall(r"\]\(([^)#]+)\)", README)
    named = re.findall(r"`((?:tests|docs|accounts|policies)/[\w./-]+)`", README)
    missing = [name for name in [*linked, *named] if not (ROOT / name).exists() and name != "accounts/dev/pricing.yaml"]

    assert [] == missing
