"""A run: the steps of `model.yaml` in order; what still holds is not repeated."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from operations.model import gate as gates
from operations.model import jobs
from operations.model.errors import StepFailedError
from operations.model.gate import Gate
from operations.model.place import Clients, Place
from operations.model.reading import EVALUATION
from operations.model.requests import LONGEST, AnyStep, Job
from operations.model.spec import CHAMPION, ModelSpec
from operations.model.state import Record, State, digest
from operations.model.versions import champion

Say = Callable[[str, str], None]
"""Gets a step's name, and what becomes of it."""

KEPT = "as before"
"""Said of a step that is not repeated."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be run, where, and by whom."""

    spec: ModelSpec
    place: Place
    clients: Clients
    """Whose credentials start the jobs."""

    image: str
    """The model's image, by its digest."""

    options: Sequence[str] = ()
    """Further words of the first step's command."""

    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables that all steps get: where runs are tracked, of which code they are."""

    features: Mapping[str, str] = field(default_factory=dict)
    """Which definitions of features the run sees: operations.model.features."""

    wait: jobs.Pause = field(default_factory=lambda: jobs.pause(5))


@dataclass
class Run:
    """What came of it."""

    id: str
    """Digest of all that the judged model was made of."""

    data_version: str
    steps: dict[str, Record]
    """By name, in order."""

    gate: Gate | None = None

    def output(self, reference: str) -> str:
        """S3 address of STEP/OUTPUT."""
        name, _, output = reference.partition("/")
        return self.steps[name].outputs[output]


def run(order: Order, state: State, say: Say) -> Run:
    """Run the steps up to the gate and, if it lets the model pass, those after it.

    Raises:
        StepFailedError: a job failed; the next run begins with it.
        ModelError: the evaluation left no judgement.
    """
    spec = order.spec
    best = champion(order.place, order.clients, spec.model)
    digests: dict[str, str] = {CHAMPION: best.model_data if best else ""}
    done = Run("", "", {})
    for step in spec.steps:
        inputs = {channel: each for channel, each in step.inputs.items() if not _absent(each, digests)}
        options = (*order.options,) if step is spec.steps[0] else ()
        made_of = [digests[each.partition("/")[0]] for each in inputs.values()]
        seen = [dict(order.features)] if order.features else []
        made = (order.image, step.model_dump(exclude_none=True), sorted(inputs), made_of, options, state.again)
        own = digest(*made, *seen)
        digests[step.name] = own
        sources = {digests[each.name] for each in spec.steps if not each.inputs and each.name in digests}
        done.data_version = f"{spec.dataset}-{digest(sorted(sources))}"
        done.id = own if not done.gate else done.id
        addresses = {
            channel: best.model_data if best and each.startswith(f"{CHAMPION}/") else done.output(each)
            for channel, each in inputs.items()
        }
        done.steps[step.name] = _step(order, state, say, step, own=own, addresses=addresses, options=options, done=done)
        if step.name == spec.gate:
            done.gate = gates.read(order.clients, done.output(f"{step.name}/{EVALUATION}"))
            if not done.gate.passed:
                break
    return done


def _absent(reference: str, digests: Mapping[str, str]) -> bool:
    """Whether there is no champion to read."""
    return not digests[reference.partition("/")[0]]


def _step(
    order: Order,
    state: State,
    say: Say,
    step: AnyStep,
    *,
    own: str,
    addresses: Mapping[str, str],
    options: Sequence[str],
    done: Run,
) -> Record:
    """Do one step, or leave it as it was done."""
    kept = state.steps.get(own)
    if kept and kept.done:
        say(step.name, KEPT)
        return kept
    tries = state.attempts.get(own, 0)
    end = f"-{own}{f'-{tries}' if tries else ''}"
    name = f"{order.spec.model}-{step.name}"[: LONGEST[step.job] - len(end)].rstrip("-") + end
    state.steps[own] = record = Record(name)
    state.write()  # before it is asked for: a run that is killed now finds the job by its name
    told = {"MLZ_RUN": own, "MLZ_DATA_VERSION": done.data_version, "MLZ_FEATURES": " ".join(order.features.values())}
    variables = {**order.environment, **told, **step.environment}
    job = Job(
        name=name,
        place=order.place,
        spec=order.spec,
        step=step,
        image=order.image,
        inputs=addresses,
        prefix=f"{step.name}-{own}",
        environment={key: value for key, value in variables.items() if value},
        further=tuple(options),
    )
    started = time.monotonic()
    try:
        left = jobs.run(job, order.clients, order.wait, lambda now: say(step.name, now))
    except StepFailedError:
        state.attempts[own] = tries + 1
        del state.steps[own]
        state.write()
        raise
    record.outputs, record.facts = dict(left.outputs), dict(left.facts)
    record.done, record.seconds = True, time.monotonic() - started
    state.write()
    say(step.name, f"done in {record.seconds:.0f} s")
    return record
