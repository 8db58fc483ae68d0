"""The database brought to what the new image needs, by a task of its own, before the service gets that image.

No resource of the provider runs a task once. So a hook of the engine does, before the service is made or changed: in
any `pulumi up`, with nothing to install but boto3. A migration that fails stops the `up`, and the service stays as it
is; the next `up` tries again.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

STARTED_BY: Final = "mlz-migrate"
"""By whom ECS says the task was started: alarms know migrations by it [≤ 128 characters, ECS API RunTask]."""

_PAUSE_SECONDS: Final = 2
_PATIENCE_SECONDS: Final = 1800


class MigrationError(Exception):
    """The database is not as the new image needs it; the text is for the user."""


def migrate(
    client: Any,  # noqa: ANN401 - boto3 ships no types
    service: Mapping[str, Any],
    family: str,
    *,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Run the newest task definition of *family* where *service* runs, and wait for its good end.

    Args:
        client: ECS.
        service: the service's inputs as the engine has them: its cluster and network.
        family: family of the migration's task definition.
        pause: waits so many seconds.

    Raises:
        MigrationError: it was not started, did not end, or ended with an error.
    """
    network = service["networkConfiguration"]
    started = client.run_task(
        cluster=service["cluster"],
        taskDefinition=family,
        launchType="FARGATE",
        startedBy=STARTED_BY,
        propagateTags="TASK_DEFINITION",
        networkConfiguration={
            "awsvpcConfiguration": {
                "subnets": list(network["subnets"]),
                "securityGroups": list(network["securityGroups"]),
                "assignPublicIp": "DISABLED",
            }
        },
    )
    if not started["tasks"]:
        why = "; ".join(f"{each.get('arn', '')} {each.get('reason', '')}".strip() for each in started["failures"])
        raise MigrationError(f"{family}: ECS started no task: {why or 'no reason given'}")
    _wait(client, service["cluster"], started["tasks"][0]["taskArn"], family, pause)


def _wait(
    client: Any,  # noqa: ANN401 - as above
    cluster: str,
    task: str,
    what: str,
    pause: Callable[[float], None],
) -> None:
    """Wait until the task has ended."""
    for _ in range(_PATIENCE_SECONDS // _PAUSE_SECONDS):
        (found,) = client.describe_tasks(cluster=cluster, tasks=[task])["tasks"]
        if found["lastStatus"] == "STOPPED":
            codes = [each.get("exitCode") for each in found["containers"]]
            if any(code != 0 for code in codes):
                ended = f"ended with {', '.join(str(code) for code in codes)}"
                why = found.get("stoppedReason", "no reason given")
                raise MigrationError(f"{what}: the migration {ended}: {why}; its log streams begin with migrate/")
            return
        pause(_PAUSE_SECONDS)
    raise MigrationError(
        f"{what}: the migration still runs after {_PATIENCE_SECONDS} s; see its log, then run `up` again"
    )
