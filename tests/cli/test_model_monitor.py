"""`./mlz model monitor`: checks that really run by their schedules, each figure against its limit, and messages."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from components.access.grants.place import Place
from components.monitoring.request import processing_job
from stacks.inputs import team_of
from tests.cli.test_model_command import account, life, model
from tests.local.people import allow, document
from tests.operations.model_ground import TEAM
from zone import names, schedule_names
from zone.plan.scheduling import MonitorPlan, ScheduledPlan

__all__ = ["account", "life"]
CHECKS = ("data", "model", "explain")
HOST = f"{TEAM.account.account_id}.dkr.ecr.{TEAM.account.region}.amazonaws.com"
PLAN = MonitorPlan(
    model_monitor=(),
    analyzer="",
    image=f"{HOST}/{names.repository(TEAM.team, 'tiny')}:v1",
    endpoint="first",
    schedule="rate(1 day)",
    checks=CHECKS,
    alarm_to="owner@example.com",
    limits={"drift": 0.2, "auc": 0.75},
)


@pytest.fixture(scope="module")
def scheduled(account):
    """Make the schedules as the team's stack does; return the account."""
    key, where = TEAM.account.key, account.place
    ours, role = account.administrator, names.role("schedules")
    trust = {"Effect": "Allow", "Principal": {"Service": "scheduler.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ours("iam").create_role(RoleName=role, Path=names.PATH, AssumeRolePolicyDocument=document(trust))
    ours("iam").put_role_policy(RoleName=role, PolicyName="all", PolicyDocument=document(allow("*")))
    ours("scheduler").create_schedule_group(Name=schedule_names.schedule_group(key))
    place = Place(
        team=team_of(TEAM),
        subnet_ids=where.network["Subnets"],
        security_group_id=where.network["SecurityGroupIds"][0],
        key_arns={purpose: where.key(purpose) for purpose in ("data", "studio")},
    )
    for check in CHECKS:
        request = processing_job(
            place, "tiny", check, image=PLAN.image, endpoint=PLAN.endpoint, role_arn=where.role("processing")
        )
        ours("scheduler").create_schedule(
            Name=schedule_names.monitor_job("tiny", check),
            GroupName=schedule_names.schedule_group(key),
            ScheduleExpression=PLAN.schedule,
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={
                "Arn": "arn:aws:scheduler:::aws-sdk:sagemaker:createProcessingJob",
                "RoleArn": where.role("schedules"),
                "Input": json.dumps(request),
                "RetryPolicy": {"MaximumRetryAttempts": 0},
            },
        )
    return account


@pytest.fixture
def watched(scheduled, life, monkeypatch):  # noqa: ARG001 - writes the team's file
    """The tiny model's file has a monitor that is deployed; return the account."""
    monkeypatch.setattr("cli.model_monitor.Rehearsed", type(scheduled))
    file = scheduled.accounts / TEAM.account.source
    file.write_text(file.read_text().replace("  watch:", "  tiny:"))
    plan = ScheduledPlan(monitors={"tiny": PLAN})
    monkeypatch.setattr(
        scheduled, "place", replace(scheduled.place, team=replace(scheduled.place.team, scheduled=plan))
    )
    return scheduled


def called(account, times):
    """So many calls are captured."""
    bucket = account.place.bucket("data")
    account.administrator("s3").put_object(Bucket=bucket, Key="captured/first/a.jsonl", Body="{}\n" * times)


@pytest.mark.shows("I4")
def test_a_deployed_versions_checks_run_now_against_what_it_learnt_from(watched, life, tmp_path):
    assert 0 == model("run", life).exit_code
    model("promote", "tiny", 1)
    deployed = model("deploy", "tiny", 1)
    early = model("monitor", "tiny")
    called(watched, 4)
    left_out = model("monitor", "tiny", "--check", "data")
    no_labels = model("monitor", "tiny", "--check", "model")
    (tmp_path / "labels.csv").write_text("0.7")
    over = model("monitor", "tiny", "--check", "model", "--check", "data", "--labels", tmp_path / "labels.csv")
    called(watched, 1)
    few = model("monitor", "tiny", "--check", "data")
    broken = model("monitor", "tiny")

    assert "monitors/tiny/baseline/data.csv" in deployed.output
    assert (2, True) == (early.exit_code, "no calls are captured yet" in early.output), early.output
    assert 0 == left_out.exit_code, left_out.output
    assert "in order: data" in left_out.output
    page = left_out.output.split("report: file://")[1].splitlines()[0]
    assert "<h1>data</h1>" == Path(page).read_text()
    assert (2, True) == (no_labels.exit_code, "--labels FILE" in no_labels.output)
    assert (1, True) == (over.exit_code, "past a limit: model\n" in over.output), over.output
    assert (1, True) == (few.exit_code, "one call says nothing" in few.output), few.output
    assert (1, True) == (broken.exit_code, "nothing explains a weight" in broken.output), broken.output
