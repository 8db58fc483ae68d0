"""A migration is run as a task and waited for; what goes wrong is said, and stops what comes after."""

import pytest

from components.mlflow.migration import STARTED_BY, MigrationError, migrate

SERVICE = {
    "cluster": "arn:aws:ecs:eu-west-1:333333333333:cluster/mlz-dev",
    "networkConfiguration": {"subnets": ["subnet-1", "subnet-2"], "securityGroups": ["sg-1"], "assignPublicIp": False},
}


class Ecs:
    """ECS as far as a migration asks it: a task that goes through *states*."""

    def __init__(self, *states, failures=()):
        self.states, self.failures, self.asked = list(states), failures, None

    def run_task(self, **asked):
        self.asked = asked
        tasks = [] if self.failures else [{"taskArn": "arn:aws:ecs:eu-west-1:333333333333:task/mlz-dev/1"}]
        return {"tasks": tasks, "failures": list(self.failures)}

    def describe_tasks(self, **_):
        status, code = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        return {
            "tasks": [
                {
                    "lastStatus": status,
                    "containers": [{"exitCode": code} if code is not None else {}],
                    "stoppedReason": "Essential container in task exited",
                }
            ]
        }


def run(ecs):
    pauses = []
    migrate(ecs, SERVICE, "mlz-dev-migrate", pause=pauses.append)
    return pauses


def test_it_runs_where_the_service_runs_and_returns_when_it_has_ended_well():
    ecs = Ecs(("PENDING", None), ("RUNNING", None), ("STOPPED", 0))

    assert 2 == len(run(ecs))
    assert ("mlz-dev-migrate", STARTED_BY, "FARGATE") == (
        ecs.asked["taskDefinition"],
        ecs.asked["startedBy"],
        ecs.asked["launchType"],
    )
    assert ecs.asked["networkConfiguration"]["awsvpcConfiguration"] == {
        "subnets": ["subnet-1", "subnet-2"],
        "securityGroups": ["sg-1"],
        "assignPublicIp": "DISABLED",
    }


@pytest.mark.parametrize(("code", "said"), [(2, "ended with 2"), (None, "ended with None")])
def test_an_error_and_a_task_that_never_started_stop_the_deployment(code, said):
    with pytest.raises(MigrationError, match=rf"mlz-dev-migrate: the migration {said}: Essential.*begin with migrate/"):
        run(Ecs(("STOPPED", code)))


def test_a_task_that_ecs_does_not_take_is_said_with_its_reason():
    with pytest.raises(MigrationError, match=r"ECS started no task: .*RESOURCE:CPU"):
        run(Ecs(("STOPPED", 0), failures=[{"arn": "x", "reason": "RESOURCE:CPU"}]))


def test_one_that_never_ends_is_given_up():
    with pytest.raises(MigrationError, match=r"still runs after 1800 s"):
        run(Ecs(("RUNNING", None)))
