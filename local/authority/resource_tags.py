"""Tags of the resource a call asks for, as condition keys: aws:ResourceTag/…, or a service's own: ec2:ResourceTag/….

They are read when a policy asks for one: most calls meet none. Which resource types have the keys is AWS's reference
(checks/access/catalog.json). What cannot be read has no answer, so the evaluator gives the lesser one and says why.
"""

from typing import Any, Final

from checks.access.catalog import services
from checks.access.request import Request
from checks.access.result import UnknownMatchError
from local.authority.resources import has_format
from local.authority.tag_stores import tags_at

_MIDDLE: Final = ":resourcetag/"

_UNRELIABLE: Final = frozenset({"iam:passrole"})
"""Actions for which AWS says that a condition on the role's tags "does not have reliable results".

Source: IAM User Guide, "Grant a user permissions to pass a role to an AWS service", read 2026-11-29.
"""


def with_tags(asked: Request) -> Request:
    """Return *asked* with the tags of its resource as condition keys."""
    return asked._replace(context=_Keys(asked))


class _Keys(dict[str, tuple[str, ...]]):
    """The keys of a request; its resource's tags are looked up when asked for."""

    def __init__(self, asked: Request) -> None:
        super().__init__(asked.context)
        self.asked = asked

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - as dict's own
        found = super().get(key, default)
        return self._tag(key) if found is None and _MIDDLE in key else found

    def _tag(self, key: str) -> tuple[str, ...] | None:
        prefix, _, name = key.partition(_MIDDLE)
        action, resource = self.asked.action.lower(), self.asked.resource
        if not _has(action, resource, prefix):
            return None
        if action in _UNRELIABLE:
            raise UnknownMatchError(f"AWS says of {key} with {action} that it does not have reliable results")
        tags = {} if resource.endswith("*") else tags_at(resource)
        if tags is None:
            raise UnknownMatchError(f"the emulated AWS cannot read the tags of {resource}")
        return next(((value,) for tag, value in tags.items() if tag.lower() == name), None)


def _has(action: str, resource: str, prefix: str) -> bool:
    """Whether the type of *resource* has such a key with *action*."""
    service = services()[action.partition(":")[0]]
    return any(
        prefix in service.tagged.get(kind, ()) and has_format(resource, service.resources[kind])
        for kind in service.actions[action].resource_types
    )
