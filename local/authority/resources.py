"""Which resources a call is about, as ARNs: AWS's formats of each action's resource types, filled from the request."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Final

from moto.athena.models import athena_backends

from checks.access.catalog import services
from local.authority import named
from local.authority.gateway_calls import SERVICE as API_GATEWAY
from local.authority.gateway_calls import gateway_arn
from local.authority.params import walk
from local.handlers.operation import Call

_PLACEHOLDER: Final = re.compile(r"\$\{(\w+)\}")
_ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "bucketname": ("bucket",),
    "objectname": ("key",),
    "securitygroupid": ("groupid", "securitygroupids", "groupids"),
    "loggroupname": ("loggroupname", "loggroupnames"),
    "rolenamewithpath": ("rolename",),
    "policynamewithpath": ("policyname",),
    "usernamewithpath": ("username",),
    "databasename": ("databasename", "name"),
    "tablename": ("tablename", "tablenames", "name"),
    "workgroupname": ("workgroup", "name"),
    "datacatalogname": ("catalogname", "name"),
    "parameternamewithoutleadingslash": ("name", "names", "path", "resourceid"),
    "alias": ("aliasname",),
    "queuename": ("queueurl",),
    "userprofilename": ("spacename",),
}
"""Members that fill a placeholder of another name; all in lower case."""

_KEY_ID: Final = 36
"""Length of the key id that moto puts before what it has encrypted [bytes]."""

Known = Callable[[str, str], str | None]
"""Kind (role, policy, key) and what a request calls it → its ARN in the call's account; None where there is none."""


def resources_of(call: Call, action: str, known: Known) -> list[str]:
    """Return the ARNs *call* is about; "*" where the action knows no resource.

    What AWS only invents in the call, such as a new domain's id, is a "*" in the ARN's place for it, as it is for AWS.
    """
    prefix = action.partition(":")[0]
    if prefix == API_GATEWAY:
        return [gateway_arn(call)]
    if prefix == "execute-api":
        return [str(call.params["Arn"])]  # the API's owner is not the caller's account
    service = services()[prefix]
    types = _meant(call, service.actions[action.lower()].resource_types)
    given: dict[str, list[str]] = {}
    for name, value in walk(call.params):
        if isinstance(value, str | int) and not isinstance(value, bool):
            given.setdefault(name.lower(), []).append(str(value))
    if "keyid" not in given and isinstance(sealed := call.params.get("CiphertextBlob"), bytes):
        given["keyid"] = [sealed[:_KEY_ID].decode(errors="replace")]  # as on AWS, what is sealed says by which key
    if query := given.get("queryexecutionid"):
        given["workgroup"] = work_groups(call, query)  # a query belongs to the workgroup it was started in
    if action == "sagemaker:ListModelPackages" and (groups := given.get("modelpackagegroupname")):
        return [_versions(call, group) for group in groups]
    formats = [(kind, service.resources[kind]) for kind in types if kind in service.resources]
    asked = _Asked(call, prefix, given, known)
    found = [arn for kind, text in formats for arn in asked.filled(kind, text)]
    # An access point's object is not asked for where the bucket's is: what the request names in full wins.
    found = [arn for arn in found if "/*/" not in arn] or found
    found = [arn for arn in found if arn in given.get("resourcearn", ())] or found
    if found or not formats:
        return list(dict.fromkeys(found)) or ["*"]
    meant = [text for kind, text in formats if kind.replace("-", "") in call.operation.lower()]
    return [_PLACEHOLDER.sub("*", _home(call, (meant or [formats[0][1]])[0]))]


def _versions(call: Call, group: str) -> str:
    """All versions of a model group, which a list of them is about.

    The reference names the version, which the request does not; AWS's own policy names all of the group. Source:
    SageMaker Developer Guide, "Deploy a Model Version from a Different Account", read 2026-11-30.
    """
    account, _, name = group.removeprefix("arn:aws:sagemaker:").rpartition(":model-package-group/")
    home = account or f"{call.region}:{call.account}"
    return f"arn:aws:sagemaker:{home}:model-package/{name or group}/*"


def work_groups(call: Call, queries: list[str]) -> list[str]:
    """Return the Athena workgroups in which queries were started."""
    started = athena_backends[call.account][call.region].executions
    groups = [started[query].workgroup for query in queries if query in started]
    return [group.name for group in groups if group]


def _meant(call: Call, types: Sequence[str]) -> Sequence[str]:
    """The type that a request says its ResourceId is of, as Systems Manager's tags do; else all of the action."""
    said = str(call.params.get("ResourceType", "")).lower() if "ResourceId" in call.params else ""
    return [kind for kind in types if kind.replace("-", "") == said] or named.meant(call, types)


def made_by(call: Call, action: str, known: Known) -> list[str]:
    """Return the ARN of what *call* makes or changes: of its resources the kind that the operation's name ends with."""
    prefix = action.partition(":")[0]
    types = services()[prefix].actions[action.lower()].resource_types
    named = [kind for kind in types if call.operation.lower().endswith(kind.replace("-", "").lower())]
    if not named:
        return ["*"]
    text = services()[prefix].resources[max(named, key=len)]
    shape = _whole(text)
    found = [arn for arn in resources_of(call, action, known) if shape(arn)]
    return found or [_PLACEHOLDER.sub("*", _home(call, text))]


def has_format(arn: str, text: str) -> bool:
    """Whether *arn* has the format of a resource type."""
    return bool(_whole(text)(arn))


@dataclass(frozen=True)
class _Asked:
    """A request, taken apart for its resources."""

    call: Call
    prefix: str
    given: Mapping[str, list[str]]
    known: Known

    def filled(self, kind: str, text: str) -> Iterator[str]:
        """Yield the ARNs of one resource type that the request names, in full or by the parts of the format."""
        whole, home = _whole(text), _home(self.call, text)
        full = [
            value for values in self.given.values() for value in values if value.startswith("arn:") and whole(value)
        ]
        placeholders = _PLACEHOLDER.findall(home)
        parts = [self._values(kind, name) for name in placeholders]
        if full:
            yield from full
        elif not placeholders:
            yield home
        elif (self.prefix in {"iam", "sts"} and kind in {"role", "policy"}) or (self.prefix, kind) == ("kms", "key"):
            for name in parts[0]:
                if arn := self.known(kind, name) or _new(self.call, self.prefix, kind, name):
                    yield arn
        elif any(parts):
            for values in product(*(each or ["*"] for each in parts)):
                yield _with(home, [_plain(self.prefix, kind, value) for value in values])

    def _values(self, kind: str, placeholder: str) -> list[str]:
        found = named.member_values(self.prefix, kind, placeholder, self.given)
        return _values(placeholder, self.given) if found is None else found


def _with(text: str, values: list[str]) -> str:
    """Put *values* in place of the placeholders, in order."""
    fixed = _PLACEHOLDER.split(text)[::2]
    return "".join(part + value for part, value in zip(fixed, [*values, ""], strict=True))


def _values(placeholder: str, given: Mapping[str, list[str]]) -> list[str]:
    """What fills a placeholder: the member of its name or of an alias, else the one whose name is a part of it.

    AWS's reference writes WorkGroupName and MlflowTrackingServerName, its requests WorkGroup and TrackingServerName.
    """
    name = placeholder.lower()
    for member in (name, f"{name}s", *_ALIASES.get(name, ()), name.removesuffix("name")):
        if given.get(member):
            return given[member]
    parts = [member for member in given if len(member) > len("name") and name.endswith(member)]
    return given[max(parts, key=len)] if parts else []


def _plain(prefix: str, kind: str, value: str) -> str:
    """What of a name stands in the ARN."""
    if kind == "alias":
        return value.removeprefix("alias/")
    if kind == "queue":
        return value.rpartition("/")[2]
    return value.lstrip("/") if kind == "parameter" else named.plain(prefix, value)


def _new(call: Call, prefix: str, kind: str, name: str) -> str | None:
    """A role or policy that the call makes, or that is not there: its path is the request's."""
    if prefix == "kms" or name.startswith("arn:"):
        return None
    path = str(call.params.get("Path") or "/").strip("/")
    return f"arn:aws:iam::{call.account}:{kind}/{f'{path}/' if path else ''}{name}"


def _home(call: Call, text: str) -> str:
    region, account = named.home(call)
    home = {"Partition": "aws", "Region": region, "Account": account}
    return _PLACEHOLDER.sub(lambda found: home.get(found[1], found[0]), text)


@cache
def _whole(text: str) -> Callable[[str], object]:
    """A test whether an ARN has the format *text*."""
    pattern = "".join(part if index % 2 else re.escape(part) for index, part in enumerate(_split(text)))
    return re.compile(pattern).fullmatch


def _split(text: str) -> list[str]:
    """The format's fixed parts, and between them what stands for a placeholder."""
    parts = _PLACEHOLDER.split(text)
    return [part if index % 2 == 0 else ("[^:]*" if part in _HOME else ".+") for index, part in enumerate(parts)]


_HOME: Final = {"Partition", "Region", "Account"}
