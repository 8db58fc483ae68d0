"""What must hold for a declared endpoint and no type can say."""

from collections.abc import Iterator
from typing import Final

from zone.specs.account import TeamAccount
from zone.specs.problems import Problem, few, meant
from zone.specs.serving import Endpoint, Instances
from zone.specs.tree import Specs


def serving_problems(key: str, spec: TeamAccount, specs: Specs) -> Iterator[Problem]:
    """Yield all problems of the endpoints of account *key*.

    Args:
        key: the account that declares them.
        spec: what its file says.
        specs: all files.
    """
    source = specs.sources[key]
    for name, endpoint in spec.endpoints.items():
        path = ("endpoints", name)
        if endpoint.model not in spec.models:
            text = f"no such model, got {endpoint.model}{meant(endpoint.model, spec.models)}"
            yield source.problem((*path, "model"), f"{text}; allowed: one of models: {few(spec.models)}")
        else:
            yield from (source.problem((*path, *at), text) for at, text in _registry(key, endpoint, specs))
        types = spec.instance_types.endpoint
        if endpoint.instance_type not in types:
            text = f"not among instance_types.endpoint, got {endpoint.instance_type}"
            yield source.problem((*path, "instance_type"), f"{text}; allowed: {few(types)}")
        yield from (source.problem((*path, *at), text) for at, text in (*_kind(endpoint), *_api(endpoint)))
        for at, text in _instances(endpoint, spec.max_instances_per_job):
            yield source.problem((*path, _said(endpoint), at), text)


_AT_ONCE_MS: Final = 60_000
"""The longest an answer at once takes [milliseconds]. Source: SageMaker Runtime API Reference, InvokeEndpoint, read
2026-11-30."""


_API_MS: Final = 29_000
"""The longest that an API waits for an answer [milliseconds]. Source: API Gateway Developer Guide, "Quotas for
configuring and running a REST API", integration timeout for private APIs, read 2026-11-30."""


def _api(endpoint: Endpoint) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the key and what an HTTP API cannot do. AWS raises its time for fewer calls a second: not here."""
    if endpoint.api is None:
        return
    if endpoint.asynchronous:
        yield ("api",), "an API waits for the answer, and this one comes later; allowed: no api, or no asynchronous"
    elif endpoint.latency_ms > _API_MS:
        text = f"an API gives up after {_API_MS}, got {endpoint.latency_ms}"
        yield ("latency_ms",), f"{text}; allowed: {_API_MS} or less, or no api"


def _kind(endpoint: Endpoint) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the key and what belongs to the other kind of endpoint."""
    if not endpoint.asynchronous:
        if endpoint.latency_ms > _AT_ONCE_MS:
            text = f"too long for an answer at once, got {endpoint.latency_ms}"
            yield ("latency_ms",), f"{text}; allowed: {_AT_ONCE_MS} or less, or add asynchronous"
        return
    if "instances" in endpoint.model_fields_set:
        yield ("instances",), "it has its own numbers under asynchronous; allowed: no instances"
    if endpoint.capture:
        text = f"an asynchronous endpoint keeps no calls, got {endpoint.capture}"
        yield ("capture",), f"{text}; allowed: 0, questions and answers lie in the work bucket"


def _instances(endpoint: Endpoint, limit: int) -> Iterator[tuple[str, str]]:
    """Yield the key and what is wrong with the number of instances."""
    said = endpoint.asynchronous or endpoint.instances
    if said.most > limit:
        yield "most", f"above max_instances_per_job, got {said.most}; allowed: {limit} or fewer, or raise that one"
    if said.most < said.least:
        yield "most", f"below {_said(endpoint)}.least, got {said.most}; allowed: {said.least} or more"
    elif isinstance(said, Instances) and said.most > said.least and said.invocations_per_minute is None:
        text = f"nothing says when there are more than {said.least}, got {said.most}"
        yield "most", f"{text}; allowed: {said.least}, or add invocations_per_minute"


def _said(endpoint: Endpoint) -> str:
    """Return the key that says how many instances there are."""
    return "asynchronous" if endpoint.asynchronous else "instances"


def _registry(key: str, endpoint: Endpoint, specs: Specs) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the key and what is wrong with where the version is registered."""
    here, team = specs.folder(key), specs.stem(key)
    promoting = [
        environment
        for environment in specs.environments
        if isinstance(owner := specs.accounts.get(f"{environment}-{team}"), TeamAccount)
        and endpoint.model in owner.models
        and here in owner.models[endpoint.model].promote_to
    ]
    if endpoint.registered_in is None:
        if len(promoting) > 1:
            text = f"{few(promoting)} promote {endpoint.model} to {here}; allowed: say which one, as registered_in"
            yield (), text
    elif endpoint.registered_in not in {here, *promoting}:
        text = f"{endpoint.model} comes from no such environment, got {endpoint.registered_in}"
        yield ("registered_in",), f"{text}; allowed: {few({here, *promoting})}"
