"""What of MLflow on Fargate AWS would refuse, and what only shows once the account has its id."""

from collections.abc import Iterator

from zone.plan.lock import Lock
from zone.specs.mlflow import TASK_MEMORY, FargateMlflow
from zone.specs.problems import Problem
from zone.specs.source import Source
from zone.specs.tree import Specs


def mlflow_problems(specs: Specs, lock: Lock) -> Iterator[Problem]:
    """Yield all problems of the environments' MLflow."""
    platforms = {specs.folder(key): key for key, spec in specs.accounts.items() if spec.kind == "platform"}
    for name, environment in specs.environments.items():
        if isinstance(environment.mlflow, FargateMlflow):
            entry = lock.ids.accounts.get(platforms.get(name, ""))
            source = specs.sources[name]
            yield from _certificate(environment.mlflow, source, environment.region, (entry and entry.id) or "")
            yield from _sizes(environment.mlflow, source)


def _certificate(spec: FargateMlflow, source: Source, region: str, account_id: str) -> Iterator[Problem]:
    """A balancer takes a certificate of its own region and account only."""
    if spec.certificate is None:
        return
    _, _, _, there, owner, _ = spec.certificate.split(":", 5)
    if there != region or (account_id and owner != account_id):
        wanted = f"arn:aws:acm:{region}:{account_id or '<the platform account>'}:certificate/…"
        text = (
            f"a balancer takes certificates of its own account and region only, got {spec.certificate}; "
            f"allowed: {wanted}"
        )
        yield source.problem(("mlflow", "certificate"), text)


def _sizes(spec: FargateMlflow, source: Source) -> Iterator[Problem]:
    """Least is at most most, and memory goes with processors."""
    tasks, database = spec.tasks, spec.database
    if tasks.memory_mb not in TASK_MEMORY[tasks.cpu]:
        fitting = TASK_MEMORY[tasks.cpu]
        text = (
            f"Fargate has no task of {tasks.cpu} CPU units with it, got {tasks.memory_mb}; allowed: "
            f"{fitting[0]} to {fitting[-1]} in steps of {fitting[1] - fitting[0]}"
        )
        yield source.problem(("mlflow", "tasks", "memory_mb"), text)
    if tasks.least > tasks.most:
        text = f"more than most ({tasks.most}), got {tasks.least}; allowed: at most {tasks.most}"
        yield source.problem(("mlflow", "tasks", "least"), text)
    # RDS: the limit is at least a tenth above what is there (from memory: its page was not read).
    room = -(-database.storage_gb * 11 // 10)
    if database.most_storage_gb < room:
        text = f"RDS asks for a tenth above storage_gb, got {database.most_storage_gb}; allowed: {room} or more"
        yield source.problem(("mlflow", "database", "most_storage_gb"), text)
