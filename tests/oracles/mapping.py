"""From a recorded resource to what an oracle can read: one request to AWS, or one resource of a template.

The provider's property names are AWS's own in another case, so most need no line: where the oracle's model has the
name, it is taken. What goes by another name, lies deeper or belongs to another request stands in the tables
(api_calls.py, cloudformation_types.py). A name that neither knows stays as it is, and the oracle refuses it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Ask:
    """One request, or one resource of a template, and where properties go in it."""

    of: str
    """The request, sagemaker.CreateDomain, or the type, AWS::SageMaker::Domain."""

    takes: Mapping[str, str | Callable[[Any], Mapping[str, Any]]] = field(default_factory=dict)
    """Property → its place (dotted); or what makes places and values of its value."""

    rest: str | None = ""
    """Where the properties go by their own names that the tables do not mention; None: not here."""

    given: Mapping[str, Any] = field(default_factory=dict)
    """Place → what the provider adds by itself."""

    named: str = ""
    """Place of the name that the provider makes up, of the logical name and seven digits."""

    identified: str = ""
    """Place of the resource's own id, in a request that comes after its creation."""

    each: str = ""
    """A property that holds a list: one request for each item."""

    tags: str = ""
    """Place of the tags, the provider's own among them."""


@dataclass(frozen=True)
class Mapped:
    """How one type is asked."""

    asks: tuple[Ask, ...]
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    """Property → why no request carries it."""


def requests(mapped: Mapped, resource: Any, tags: Mapping[str, str]) -> Iterator[tuple[Ask, dict[str, Any]]]:
    """Every request that makes *resource*, its parameters still under the provider's names where they lie."""
    mentioned = {name for ask in mapped.asks for name in ask.takes} | set(mapped.elsewhere) | {"tags"}
    unmentioned = {name: value for name, value in resource.inputs.items() if name not in mentioned}
    for ask in mapped.asks:
        for item in resource.inputs[ask.each] if ask.each else [None]:
            inputs = {**resource.inputs, ask.each: item} if ask.each else resource.inputs
            made: dict[str, Any] = {}
            for place, value in _places(ask, inputs, unmentioned):
                _put(made, place, value)
            for place, value in _added(ask, resource, tags):
                _put(made, place, value)
            yield ask, made


def _places(ask: Ask, inputs: Mapping[str, Any], unmentioned: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Where this request carries the properties."""
    for name, place in ask.takes.items():
        if name in inputs:
            yield from place(inputs[name]).items() if callable(place) else [(place, inputs[name])]
    if ask.rest is not None:
        for name, value in unmentioned.items():
            yield f"{ask.rest}.{name}".removeprefix("."), value


def _added(ask: Ask, resource: Any, tags: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    """What the program did not say."""
    yield from ask.given.items()
    if ask.named:
        yield ask.named, f"{resource.name}-0123456"
    if ask.identified:
        yield ask.identified, resource.outputs["id"]
    if ask.tags:
        yield ask.tags, {**tags, **resource.inputs.get("tags", {})}


def _put(made: dict[str, Any], place: str, value: Any) -> None:
    """Put *value* at a dotted place; what stands there already is kept beside it."""
    *way, last = place.split(".")
    for step in way:
        made = made.setdefault(step, {})
    made[last] = value


def own_name(names: Any, name: str) -> str:
    """The model's spelling of *name*, or *name* where it has none."""
    return next((each for each in names if each.lower() == name.lower()), name)


def whole(value: Any) -> Any:
    """An integer where the engine's only kind of number holds one."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def is_pair(names: Any) -> tuple[str, str] | None:
    """The names of a tag's key and value in this model; None where this is no tag."""
    key, value = (next((n for n in names if n.lower().endswith(end)), "") for end in ("key", "value"))
    return (key, value) if key and value and len(list(names)) == 2 else None


def notifications(given):
    """Of a budget: the provider folds subscribers into their notification."""
    return {
        "NotificationsWithSubscribers": [
            {
                "Notification": {name: value for name, value in each.items() if name != "subscriberEmailAddresses"},
                "Subscribers": [
                    {"SubscriptionType": "EMAIL", "Address": address} for address in each["subscriberEmailAddresses"]
                ],
            }
            for each in given
        ]
    }


def athena_results(configuration):
    """Of a workgroup: Athena calls the ARN of the results' key a key."""
    results = configuration["resultConfiguration"]
    encryption = {
        "kmsKey" if name == "kmsKeyArn" else name: of for name, of in results["encryptionConfiguration"].items()
    }
    return {**configuration, "resultConfiguration": {**results, "encryptionConfiguration": encryption}}


def access_attributes(given):
    """Of Identity Center: the provider has lists where AWS has one value with its sources."""
    return {
        "InstanceAccessControlAttributeConfiguration.AccessControlAttributes": [
            {"Key": each["key"], "Value": {"Source": each["values"][0]["sources"]}} for each in given
        ]
    }


def alias_target(aliases):
    """Of a record: one alias at most, which AWS names otherwise."""
    (alias,) = aliases
    return {
        "DNSName": alias["name"],
        "HostedZoneId": alias["zoneId"],
        "EvaluateTargetHealth": alias["evaluateTargetHealth"],
    }


def network_of_zone(networks):
    """Of a private hosted zone: the network it is made with; the provider adds its own region."""
    (network,) = networks
    return {"VPCId": network["vpcId"], "VPCRegion": network.get("vpcRegion", "eu-west-1")}
