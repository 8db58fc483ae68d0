"""What docs/policies.md shows works."""

import json
import re
from datetime import date
from pathlib import Path

from ruamel.yaml import YAML

from policies.evaluate import judge
from policies.exceptions import NO_EXCEPTIONS
from policies.pack import text
from policies.read import read_settings
from policies.rules import REGISTRY, Resource
from tests.policies.asking import NOTEBOOK
from zone.specs.account import PolicyException

PAGE = (Path(__file__).parents[2] / "docs" / "policies.md").read_text()


def test_the_settings_shown_are_legal_and_more_than_a_level():
    (shown,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    settings = read_settings(json.loads(shown), "docs/policies.md")

    assert set(REGISTRY) == set(settings)
    assert "advisory" == settings["s3-versioning"]["enforcementLevel"]
    assert ["ml.t3.medium"] == settings["sm-notebook-instance-type"]["allowedInstanceTypes"]


def test_the_exception_shown_is_legal():
    (shown,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (exception,) = YAML(typ="safe").load(shown)["policy_exceptions"]

    assert date(2026, 12, 31) == PolicyException(**exception).expires
    assert exception["rule"] in set(REGISTRY) - NO_EXCEPTIONS


def test_the_finding_shown_is_what_the_rule_says():
    rule = REGISTRY["sm-notebook-no-root"]
    (finding,) = judge(rule, Resource(type=NOTEBOOK, name="nb", props={"rootAccess": "Enabled"}))
    shown = [
        f"- [{rule.level}] [severity: {rule.severity}]  {rule.key}  (aws:sagemaker:NotebookInstance: nb)",
        f"  {rule.statement}",
        f"  {text(finding)}",
    ]

    assert "\n".join(shown) in PAGE
