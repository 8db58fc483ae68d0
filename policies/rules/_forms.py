"""The kinds of policy documents: which resources carry one, and what may stand in it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import accounts
from policies.rules._documents import covers, document
from policies.rules.plain import NeedsUnknownError, Reader

_DATA: Final[Mapping[str, Any]] = json.loads((Path(__file__).parent / "policy_documents.json").read_text())
_LIMITS: Final = json.loads((Path(accounts.__file__).parent / "facts" / "limits.json").read_text(encoding="utf-8"))

CARRIERS: Final[Mapping[str, Mapping[str, str]]] = _DATA["carriers"]
"""Type token → path of a document → name of its form."""

RESOURCE_CONTROL: Final[Mapping[str, str]] = _DATA["rcp"]
"""Services that resource control policies reach, and actions of these that they do not."""

ORGANIZATION_POLICY: Final = "organization policy"
"""The form is the policy's type."""


@dataclass(frozen=True, kw_only=True)
class Form:
    """What a kind of policy document may say."""

    name: str
    """What the document is the policy of."""

    principal: bool = False
    """Whether a statement must say whom it is about; otherwise it must not."""

    resource: bool | None = None
    """Whether a statement must name resources (True), must not (False) or may."""

    services: str = ""
    """Prefixes of the actions that have a place here; empty: all."""

    size: int | None = None
    """Longest document [characters without white space]."""

    @property
    def is_of_an_organization(self) -> bool:
        """Whether it is a service or resource control policy."""
        return self.name.endswith("_CONTROL_POLICY")

    @property
    def has_free_sids(self) -> bool:
        """Whether Sids may hold anything, also twice: where a service keeps the document, and not IAM."""
        return self.principal and self.name not in ("trust", "RESOURCE_CONTROL_POLICY")

    def may_name(self, prefix: str) -> bool:
        """Whether actions of the service *prefix* have a place here."""
        return any(covers(prefix, each) for each in self.services.split())


FORMS: Final = {
    name: Form(**{"name": name, "resource": None if each.get("principal") else True, **each})
    for name, each in _DATA["forms"].items()
}


def limit(of: str) -> int:
    """Return AWS's limit called *of*, from accounts/facts/limits.json."""
    return int(next(each["default"] for each in _LIMITS["limits"] if each["id"] == of))


@dataclass(frozen=True, kw_only=True)
class Document:
    """A policy document where it stands."""

    form: Form
    where: str
    """Its path, empty where the resource is nothing else."""
    policy: Any
    """What it says: an object, or what the user wrote instead of one."""
    written: Any
    """The property as it is: text, or the object itself."""

    @property
    def size(self) -> int:
        """Return how long it is [characters without white space, which AWS does not count]."""
        return len("".join(self.text.split()))

    @property
    def text(self) -> str:
        """Return it as it is sent, without what is not known yet."""
        whole = self.written
        return whole if isinstance(whole, str) else json.dumps(whole, separators=(",", ":"), default=lambda _: "")


def documents(r: Reader) -> Iterator[Document]:
    """Walk the policy documents of a resource; one that is not known yet is remembered and left out."""
    paths = CARRIERS[r.resource.type]
    for path, name in paths.items():
        form = FORMS.get(str(r.get("type", "SERVICE_CONTROL_POLICY")) if name == ORGANIZATION_POLICY else name)
        if form is None:
            continue  # a tag policy and its like have a grammar of their own
        outer, _, inner = path.rpartition("[].")
        for each in r.elements(f"{outer}[]") if outer else [r]:
            try:
                policy = document(each, inner)
            except NeedsUnknownError as error:
                r.waits_for.append(error.args[0])
                continue
            if policy is None or (policy == "" and form.principal):
                continue  # the policy of a resource is a setting among others; "" is none
            where = f"{each.inside}{inner}" if len(paths) > 1 else ""
            yield Document(form=form, where=where, policy=policy, written=each.get(inner))
