"""Tags: who owns a resource, who pays for it, what data it holds."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from policies.rules.plain import UNKNOWN, NeedsUnknownError, Reader, shown_value
from policies.rules.registry import rule

TAGGABLE: Final = frozenset(json.loads((Path(__file__).parent / "taggable.json").read_text()))
"""Every type that takes tags and default tags; written and checked by tests/policies/sdk.py."""

REQUIRED: Final = ("mlz:owner", "mlz:cost-centre", "mlz:environment", "mlz:account", "mlz:data-class")
"""Tags a resource must carry where the stack says nothing else."""

ADD_TAGS: Final = "give the provider default_tags with the account's tags, or set the tag on the resource"

SETTINGS: Final[Mapping[str, Any]] = {"requiredTags": REQUIRED, "allowedValues": {}}


def effective_tags(props: Mapping[str, Any], provider: Mapping[str, Any], outputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tags AWS will see; UNKNOWN where a value is not known.

    Raises:
        NeedsUnknownError: not even the keys are known.
    """
    # The provider's Check writes tagsAll = default tags and own tags; one unknown tag makes all of it unknown,
    # but then its two sources still say which keys there are.
    for source in (props, outputs):
        everything = source.get("tagsAll")
        if isinstance(everything, Mapping):
            return dict(everything)
    tags: dict[str, Any] = {}
    default = provider.get("defaultTags")
    if isinstance(default, str):  # explicit providers carry nested inputs as JSON
        default = json.loads(default)
    for part in (default.get("tags") if isinstance(default, Mapping) else default, props.get("tags")):
        if part is UNKNOWN:
            raise NeedsUnknownError("tags")
        if isinstance(part, Mapping):
            tags.update(part)
        elif isinstance(part, list):
            tags.update(_pairs(part))
    if props.get("tagsAll") is UNKNOWN and not (provider and UNKNOWN in tags.values()):
        raise NeedsUnknownError("tagsAll")  # it comes from more than these two, or the provider is not told
    return tags


def _pairs(tags: list[Any]) -> Iterator[tuple[str, Any]]:
    """Walk tags as aws-native writes them: [{key, value}]."""
    for tag in tags:
        key = tag.get("key") if isinstance(tag, Mapping) else tag
        if key is UNKNOWN:
            raise NeedsUnknownError("tags")
        if isinstance(tag, Mapping) and isinstance(key, str):
            yield key, tag.get("value")


def tags_of(r: Reader) -> dict[str, Any]:
    """Return the effective tags of the resource at hand."""
    return effective_tags(r.resource.props, r.resource.provider, r.resource.outputs)


def wrong_tags(r: Reader, required: Iterable[str], allowed: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Complain about absent or empty *required* tags, and about values outside *allowed*.

    An allowed value that begins with ^ is a regular expression.
    """
    tags = tags_of(r)
    required = list(required)
    r.waits_for += [f"tags.{key}" for key in required if tags.get(key) is UNKNOWN]
    absent = [key for key in required if not str(tags.get(key) or "").strip()]
    if absent:
        yield f"tags absent or empty: {', '.join(absent)}"
    for key, good in allowed.items():
        value = tags.get(key)
        if value is UNKNOWN:
            r.waits_for.append(f"tags.{key}")
        elif value is not None and not any(_is_one(shown_value(value), str(each)) for each in good):
            yield f"tag {key} is {shown_value(value)}, allowed: {', '.join(map(str, good))}"


def _is_one(value: str, allowed: str) -> bool:
    return re.fullmatch(allowed, value) is not None if allowed.startswith("^") else value == allowed


@rule("required-tags", ADD_TAGS, types=TAGGABLE, settings={**SETTINGS, "knownTags": {}})
def required_tags(r: Reader) -> Iterator[str]:
    """Every type that can carry them; knownTags are what the tagging pack may fill in by itself."""
    yield from wrong_tags(r, r.settings["requiredTags"], r.settings["allowedValues"])


@rule("sm-required-tags", ADD_TAGS, types=[t for t in TAGGABLE if t.startswith("aws:sagemaker/")], settings=SETTINGS)
def sagemaker_required_tags(r: Reader) -> Iterator[str]:
    """The same for SageMaker alone; off by default, for stacks that cannot hold all types to it."""
    yield from wrong_tags(r, r.settings["requiredTags"], r.settings["allowedValues"])


def key_tags(r: Reader) -> Iterator[str]:
    """Ask for the keys of requiredKeyTags with any value; without keys for one tag, as AWS Config's rules do."""
    keys, tags = r.settings["requiredKeyTags"], tags_of(r)
    absent = [key for key in keys if tags.get(key) is None]
    if absent:
        yield f"tags absent: {', '.join(absent)}"
    elif not keys and not any(not str(key).startswith("aws:") for key in tags):
        yield "it carries no tag of its own"


for _theme in ("domain", "featuregroup", "appimageconfig", "image", "inferenceexperiment"):
    rule(f"sm-{_theme}-tagged", ADD_TAGS, settings={"requiredKeyTags": ()})(key_tags)
