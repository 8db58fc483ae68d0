"""Model Monitor's own resources on the real engine: made beside an endpoint, unchanged, changed in place, taken out."""

import pytest

from local.authority.decided import decided
from tests.deployed_churn.account import STACK, WITHOUT, account_of, administrator_of, declare, register, served, up

pytestmark = [pytest.mark.engine, pytest.mark.shows("J1")]

SCHEDULE = {"MonitoringScheduleName": "monitor-churn-data"}
LIMITS = "limits: {drift: 0.2, missing: 0.05, auc: 0.75, bias: 0.15, attribution: 0.3}"
OWN = "    schedule: rate(1 day)\n    checks: [data, model, bias, explain]\n"
THEIRS = "    schedule: cron(0 4 ? * * *)\n    checks: [data]\n    model_monitor: [data]\n"
OFTEN = THEIRS.replace("cron(0 4 ? * * *)", "cron(0 0/6 ? * * *)")


def definitions(sagemaker):
    return [
        sagemaker.describe_data_quality_job_definition(JobDefinitionName=each["MonitoringJobDefinitionName"])
        for each in sagemaker.list_data_quality_job_definitions()["JobDefinitionSummaries"]
    ]


def test_model_monitor_watches_an_endpoint_is_changed_and_goes_before_it(world, files):
    sagemaker, before = administrator_of(world, files)("sagemaker"), decided(world).refused
    version = register(sagemaker, account_of(files).account_id)
    declare(files, WITHOUT, served(version))
    declare(files, OWN, THEIRS)
    declare(files, f"    {LIMITS}\n", "")

    up(world)
    (definition,) = definitions(sagemaker)
    assert "churn-churn" == definition["DataQualityJobInput"]["EndpointInput"]["EndpointName"]
    assert definition["NetworkConfig"]["EnableNetworkIsolation"]
    assert definition["RoleArn"].endswith(":role/mlz/mlz-processing")
    schedule = sagemaker.describe_monitoring_schedule(**SCHEDULE)
    config = schedule["MonitoringScheduleConfig"]
    assert definition["JobDefinitionName"] == config["MonitoringJobDefinitionName"]
    assert "cron(0 4 ? * * *)" == config["ScheduleConfig"]["ScheduleExpression"]
    assert [] == sagemaker.list_monitoring_executions(**SCHEDULE)["MonitoringExecutionSummaries"]
    tags = {tag["Key"] for tag in sagemaker.list_tags(ResourceArn=schedule["MonitoringScheduleArn"])["Tags"]}
    assert "mlz:owner" in tags
    again = up(world, "preview", ())
    assert {"same"} == set(again.changes), again.changes

    declare(files, THEIRS, OFTEN)
    profile = files / "profiles" / "tabular.yaml"
    profile.write_text(profile.read_text().replace("processing: [ml.m5.xlarge]", "processing: [ml.m5.2xlarge]"))
    # The organisation's policy knows the types of the accounts' files: it refuses another one until it is told.
    for stack in ("org", STACK):
        up(world, stack=stack)
    (after,) = definitions(sagemaker)
    assert definition["JobDefinitionName"] != after["JobDefinitionName"]
    assert "ml.m5.2xlarge" == after["JobResources"]["ClusterConfig"]["InstanceType"]
    moved = sagemaker.describe_monitoring_schedule(**SCHEDULE)
    assert schedule["CreationTime"] == moved["CreationTime"]
    assert after["JobDefinitionName"] == moved["MonitoringScheduleConfig"]["MonitoringJobDefinitionName"]
    assert "cron(0 0/6 ? * * *)" == moved["MonitoringScheduleConfig"]["ScheduleConfig"]["ScheduleExpression"]

    # The schedule goes with the endpoint that it names, and before it.
    declare(files, served(version), WITHOUT)
    up(world)
    assert [] == sagemaker.list_monitoring_schedules()["MonitoringScheduleSummaries"]
    assert [] == definitions(sagemaker)
    assert [] == sagemaker.list_endpoints()["Endpoints"]
    assert before == decided(world).refused, decided(world).refusals
