"""docs/images.md and docs/packages.md say what the example says: its YAML and the names in their commands."""

import re
from pathlib import Path

import pytest
import yaml

from stacks.inputs import source_of
from zone import names, platform_names
from zone.plan import planner

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "shared-platform"
ZONE = planner.read(EXAMPLE)
IMAGES, PACKAGES = ((ROOT / "docs" / f"{page}.md").read_text() for page in ("images", "packages"))


def blocks(page):
    return [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)]


@pytest.mark.parametrize(
    ("said", "file"),
    [(blocks(IMAGES)[0], "platform"), (blocks(IMAGES)[1], "platform"), (blocks(PACKAGES)[0], "environment")],
)
def test_the_pages_yaml_is_the_examples(said, file):
    given = yaml.safe_load((EXAMPLE / "dev" / f"{file}.yaml").read_text())
    said.pop("studio", None)

    assert said == {key: given[key] for key in said}


def test_the_pages_commands_name_what_the_example_has():
    team = ZONE.teams["dev-churn"]
    bucket = names.bucket("dev-churn", "studio", team.account.account_id)
    index = source_of(team.packages).index

    assert f"--project-name {platform_names.build_project('dev-churn', platform_names.IMAGES)} " in IMAGES
    assert f"s3://{bucket}/{platform_names.BUILD_PREFIX}/mine.zip" in IMAGES
    assert f"--source-location-override {bucket}/{platform_names.BUILD_PREFIX}/mine.zip" in IMAGES
    assert f"name=REPOSITORY,value={names.repository('churn', team.models[0])} " in IMAGES
    assert f"--domain {index['domain']} --domain-owner {index['owner']} --repository {index['repository']}" in PACKAGES
