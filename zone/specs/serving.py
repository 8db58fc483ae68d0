"""A team's endpoints: which version of which model answers, on what."""

from typing import Annotated

from pydantic import Field

from zone.specs.spec import Spec
from zone.specs.values import InstanceType, Key


class Instances(Spec):
    """How many instances answer."""

    # As Spec's, which account.py has, and that has this.
    least: Annotated[int, Field(ge=1, le=100)] = 1
    """Instances that always run [count, 1 to 100]; they are paid for whether asked or not."""

    most: Annotated[int, Field(ge=1, le=100)] = 1
    """Instances at the busiest time [count, `least` to `max_instances_per_job`]."""

    invocations_per_minute: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """Calls a minute that one instance is kept at [count]; needed where `most` is above `least`, else idle."""


class Asynchronous(Spec):
    """Questions that wait in a queue: they lie in the work bucket, and so does the answer when it is there."""

    concurrency: Annotated[int, Field(ge=1, le=1000)] = 4
    """Questions that an instance works on at a time [count, 1 to 1000, SageMaker's own limit]."""

    least: Annotated[int, Field(ge=0, le=100)] = 0
    """Instances that always run [count, 0 to 100]; 0: none while nobody asks, and the first question waits until one is
    up."""

    most: Annotated[int, Field(ge=1, le=100)] = 2
    """Instances when most is waiting [count, `least` to `max_instances_per_job`]."""

    backlog_per_instance: Annotated[int, Field(ge=1, le=1_000_000)] = 5
    """Questions that wait or are worked on, which one instance is kept at [count]."""


class Api(Spec):
    """An HTTP API in front of an endpoint, for clients that sign an HTTP request and have no AWS SDK."""

    calls_per_second: Annotated[int, Field(ge=1, le=10_000)] = 100
    """Calls a second that it lets through, for a moment twice as many [count, 1 to 10,000: API Gateway's own quota of
    an account in a region, 2,500 in some]; the others get status 429."""


class Endpoint(Spec):
    """An endpoint in the team's network: one version of one model, behind IAM."""

    model: Key
    """Model that answers; one of `models`."""

    version: Annotated[int, Field(ge=1)] | None = None
    """Version of the model that answers, as registered and approved; if not given, nothing is deployed yet and nothing
    costs. AWS refuses one that is not registered or not approved."""

    registered_in: Key | None = None
    """Environment whose registry holds the version; if not given, the one that promotes the model to this one, else
    this one."""

    instance_type: InstanceType
    """What it runs on; one of `instance_types.endpoint`."""

    instances: Instances = Instances()
    """How many, where answers come at once; not together with `asynchronous`."""

    asynchronous: Asynchronous | None = None
    """Answers later, and for questions that are large or take long; if not given, it answers at once. No `capture`: the
    questions and answers lie in the work bucket."""

    api: Api | None = None
    """HTTP API in the team's network through which it is asked too, behind IAM: `POST …/invocations`. Not together with
    `asynchronous`. `{}` is enough; if not given, there is none."""

    capture: Annotated[int, Field(ge=0, le=100)] = 0
    """Calls that are kept with their answers in the data bucket, for monitors [%, 0 to 100; 0: none]."""

    looks_up_features: bool = False
    """`true`: the container asks the online store itself, so it has the team's network. `false`: it has none at all and
    answers from what it is asked. `true` needs an entry under `policy_exceptions` for sm-model-network-isolation."""

    latency_ms: Annotated[int, Field(ge=1, le=3_600_000)] = 1000
    """Longest answer for 99 of 100 calls [milliseconds, 1 to 60,000, with `asynchronous` to 3,600,000: SageMaker's own
    limits; with `api` to 29,000, API Gateway's]; a new version that takes longer is rolled back."""
