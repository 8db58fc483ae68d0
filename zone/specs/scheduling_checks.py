"""What must hold for monitors and batches and no type can say."""

from collections.abc import Iterator

from zone.specs.account import TeamAccount
from zone.specs.problems import Problem, few, meant
from zone.specs.scheduling import COUNTED_BY, Batch, Monitor
from zone.specs.source import Source
from zone.specs.vocabulary import DataClass


def scheduling_problems(spec: TeamAccount, source: Source) -> Iterator[Problem]:
    """Yield all problems of one team's monitors and batches."""
    for model, monitor in spec.monitors.items():
        yield from _monitor(spec, model, monitor, source)
    for name, batch in spec.batches.items():
        yield from _batch(spec, ("batches", name), batch, source)
    yield from _circles(spec, source)


def _monitor(spec: TeamAccount, model: str, monitor: Monitor, source: Source) -> Iterator[Problem]:
    path = ("monitors", model)
    if model not in spec.models:
        text = f"no model of the team, got {model}{meant(model, spec.models)}; allowed: {few(spec.models)}"
        yield source.problem(path, text)
    for limit in monitor.limits:
        if COUNTED_BY[limit] not in monitor.checks:
            text = (
                f"nothing counts {limit}, so its alarm would never ring; allowed: add {COUNTED_BY[limit]} to checks, "
                "or leave the limit out"
            )
            yield source.problem((*path, "limits", limit), text)
    if monitor.image_version or monitor.model_monitor:
        yield from _watched(spec, model, monitor, source)
    if not spec.instance_types.processing:
        text = "checks are processing jobs, got no type for them; allowed: declare instance_types.processing"
        yield source.problem(path, text)
    if spec.data_class is DataClass.RESTRICTED and monitor.own:
        text = (
            "containers of a team with data_class: restricted have no network, so nothing they count reaches an alarm; "
            "allowed: leave the monitor out and read the report of a pipeline's own check"
        )
        yield source.problem(path, text)


def _watched(spec: TeamAccount, model: str, monitor: Monitor, source: Source) -> Iterator[Problem]:
    """What is watched answers with the model, and keeps its calls; one that is declared only may come later."""
    path = ("monitors", model, "endpoint")
    endpoint = spec.endpoints.get(monitor.endpoint)
    if endpoint is None:
        known = spec.endpoints
        text = f"no endpoint of the team, got {monitor.endpoint}{meant(monitor.endpoint, known)}; allowed: {few(known)}"
        yield source.problem(path, text)
    elif endpoint.model != model:
        text = f"{monitor.endpoint} answers with {endpoint.model}, got {model}; allowed: an endpoint of the model"
        yield source.problem(path, text)
    elif not endpoint.capture:
        text = (
            f"{monitor.endpoint} keeps no calls, so there is nothing to look at; allowed: an endpoint with capture, "
            f"such as endpoints.{monitor.endpoint}.capture: 100"
        )
        yield source.problem(path, text)


def _batch(spec: TeamAccount, path: tuple[str, str], batch: Batch, source: Source) -> Iterator[Problem]:
    if batch.model not in spec.models:
        allowed = few(spec.models)
        text = f"no model of the team, got {batch.model}{meant(batch.model, spec.models)}; allowed: {allowed}"
        yield source.problem((*path, "model"), text)
    if (batch.schedule is None) is (batch.on is None):
        got = "neither" if batch.on is None else "both"
        text = f"a batch starts by schedule or on: arrival, got {got}; allowed: one of them"
        yield source.problem(path, text)
    if batch.spark is not None:
        yield from _spark(spec, path, batch, source)
    elif not spec.instance_types.transform:
        text = "a batch is a transform job, got no type for it; allowed: declare instance_types.transform, or spark"
        yield source.problem(path, text)
    for key in ("input", "output"):
        dataset = getattr(batch, key).partition("/")[0]
        if dataset not in spec.datasets:
            text = (
                f"no data set of the team, got {dataset}{meant(dataset, spec.datasets)}; allowed: {few(spec.datasets)}"
            )
            yield source.problem((*path, key), text)
    if batch.output.startswith(batch.input):
        text = f"inside the input, so the next run would read it, got {batch.output}; allowed: outside {batch.input}"
        yield source.problem((*path, "output"), text)


def _spark(spec: TeamAccount, path: tuple[str, str], batch: Batch, source: Source) -> Iterator[Problem]:
    """What EMR Serverless does not have.

    A file's arrival starts a SageMaker pipeline; of the steps that its guide lists EMR's is for clusters (SageMaker
    Developer Guide, "Add a step", read 2026-11-30). botocore knows a step of EMR Serverless; no page has its JSON.
    """
    if batch.on is not None:
        text = f"what a file starts is a transform job, not Spark, got on: {batch.on}; allowed: a schedule, or no spark"
        yield source.problem((*path, "spark"), text)
    if spec.data_class is DataClass.RESTRICTED:
        text = (
            "containers of a team with data_class: restricted have no network, and Spark's workers reach each other "
            "and S3 by one; allowed: leave spark out, a transform job has none"
        )
        yield source.problem((*path, "spark"), text)


def _circles(spec: TeamAccount, source: Source) -> Iterator[Problem]:
    """No batch may start itself by way of others: its predictions arrive where the next one waits, without an end."""
    waiting = {name: batch for name, batch in spec.batches.items() if batch.on}
    starts = {
        name: [other for other, next_one in waiting.items() if batch.output.startswith(next_one.input)]
        for name, batch in waiting.items()
    }
    for name, batch in waiting.items():
        reached, ahead = set[str](), [other for other in starts[name] if other != name]
        while ahead:
            other = ahead.pop()
            if other not in reached:
                reached.add(other)
                ahead += starts[other]
        if name in reached:
            text = (
                f"its predictions start {few(sorted(reached - {name}))}, and that starts it again without an end, "
                f"got {batch.output}; allowed: an output that is no batch's input"
            )
            yield source.problem(("batches", name, "output"), text)
