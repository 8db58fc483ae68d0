"""The rules' settings come from the accounts' files."""

import pytest

from policies.evaluate import evaluate
from policies.rules import REGISTRY, Resource
from policies.settings import settings_for

NOTEBOOK = "aws:sagemaker/notebookInstance:NotebookInstance"


@pytest.mark.parametrize("stack", ["org", "dev", "prod", "dev-fraud", "prod-vision"])
def test_every_setting_belongs_to_a_rule_that_knows_it(stack):
    settings = settings_for(stack)

    assert settings
    assert {} == {
        key: unknown
        for key, values in settings.items()
        if (unknown := set(values) - set(REGISTRY[key].settings) - {"enforcementLevel"})
    }


def notebook(instance_type: str) -> Resource:
    return Resource(type=NOTEBOOK, name="nb", props={"instanceType": instance_type})


def rules_fired(stack: str, instance_type: str) -> set[str]:
    found = evaluate([notebook(instance_type)], settings_for(stack))
    return {finding["rule"] for finding in found}


@pytest.mark.shows("T6")
def test_a_type_the_team_declares_is_fine_and_another_teams_is_not():
    assert "sm-notebook-instance-type" not in rules_fired("dev-fraud", "ml.m5.large")
    assert "sm-notebook-instance-type" in rules_fired("dev-fraud", "ml.p5.48xlarge")
    assert "sm-notebook-instance-type" in rules_fired("dev-fraud", "ml.g5.2xlarge")


@pytest.mark.parametrize(("stack", "expected"), [("dev-fraud", "disabled"), ("prod-fraud", "advisory")])
def test_only_a_disposable_account_may_be_deleted_with_what_is_in_it(stack, expected):
    bucket = Resource(type="aws:s3/bucket:Bucket", name="data", props={"forceDestroy": True})

    found = evaluate([bucket], settings_for(stack), wanted=lambda rule: rule.key == "s3-no-force-destroy")

    assert [expected] == [finding["level"] for finding in found]


@pytest.mark.parametrize(("stack", "expected"), [("dev-fraud", set()), ("prod-fraud", {"loggroup-retention-1y"})])
def test_logs_stay_as_long_as_the_environment_says(stack, expected):
    group = Resource(type="aws:cloudwatch/logGroup:LogGroup", name="logs", props={"retentionInDays": 90})

    found = evaluate([group], settings_for(stack), wanted=lambda rule: rule.key == "loggroup-retention-1y")

    assert expected == {finding["rule"] for finding in found}


def test_a_stack_the_files_do_not_name_keeps_the_rules_defaults():
    assert {} == settings_for("somebody-elses-stack")
