"""The remediation of the tagging pack."""

from collections.abc import Mapping
from typing import Any

from pulumi_policy import ResourceValidationArgs

from policies.pack import settings_of
from policies.rules import REGISTRY, UNKNOWN, NeedsUnknownError
from policies.rules.tags import TAGGABLE, effective_tags
from policies.sent import resource_of


def fill_tags(args: ResourceValidationArgs) -> Any:
    """Return the properties with the tags the stack knows and the resource lacks; None where nothing is to add."""
    known = settings_of(REGISTRY["required-tags"], args.urn, args.get_config()).get("knownTags")
    if args.resource_type not in TAGGABLE or not known:
        return None
    resource = resource_of(args)
    try:
        present = effective_tags(resource.props, resource.provider, {})
    except NeedsUnknownError:
        return None  # nobody can say yet what is there; at `up` the values are known
    absent = {key: value for key, value in known.items() if not present.get(key)}
    if not absent:
        return None
    # `props` keeps secrets secret and unknown values unknown, so only what changes is touched.
    props: Any = args.props
    for name in ("tags", "tagsAll"):
        current = resource.props.get(name)
        if current is UNKNOWN or (name == "tagsAll" and current is None):
            continue
        if isinstance(current, Mapping):
            for key, value in absent.items():
                props[name][key] = value
        else:
            props[name] = dict(absent)
    return props
