"""Policy documents, wherever they stand: what AWS would refuse, and what can never match."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from policies.rules._documents import statements, texts
from policies.rules._forms import CARRIERS, FORMS, Document, Form, documents, limit
from policies.rules._grammar import document_faults
from policies.rules.plain import UNKNOWN, NeedsUnknownError, Reader, has_unknown
from policies.rules.registry import rule


@rule(
    "iam-policy-valid",
    "write elements, actions, resources, keys and values as IAM's grammar and the Service Authorization Reference have"
    " them",
    types=CARRIERS,
)
def valid(r: Reader) -> Iterator[str]:
    """A document that AWS refuses fails at `up`; a statement that never matches grants nothing, or guards nothing."""
    inline: list[Document] = []
    for each in documents(r):
        before = f"{each.where}: " if each.where else ""
        if "[" in each.where:
            inline.append(each)
        elif fault := _size_fault(each.form, each.size, len(each.text)):
            yield before + fault
        try:
            yield from (before + fault for fault in _faults(each))
        except NeedsUnknownError as error:
            r.waits_for.append(error.args[0])
        yield from _of_another_bucket(r, each)
    if inline and (fault := _size_fault(inline[0].form, sum(each.size for each in inline), 0)):
        yield f"all inlinePolicies: {fault}"


_BUCKET: Final = re.compile(r"^arn:[^:]*:s3:::([a-z0-9.-]+)(/.*)?$")


def _of_another_bucket(r: Reader, each: Document) -> Iterator[str]:
    """Complain about resources of another bucket: S3 takes a policy on its own one only."""
    if each.form.name != "bucket":
        return
    resources = sorted({resource for said in statements(each.policy) for resource in _known_texts(said)})
    named = [(resource, found[1]) for resource in resources if (found := _BUCKET.match(resource))]
    for _, own in r.each("bucket") if named else ():
        yield from (
            f"{resource} is not of bucket {own}" for resource, of in named if own and of != own and ":" not in str(own)
        )


def _known_texts(statement: Mapping[str, Any]) -> list[str]:
    try:
        return texts(statement, "Resource")
    except NeedsUnknownError:
        return []


def _size_fault(form: Form, size: int, size_as_sent: int) -> str | None:
    """Say that a document is too long; Organizations counts white space, too."""
    if form.name == "RESOURCE_CONTROL_POLICY":
        size, most = size_as_sent, limit("organizations.rcp_document_size")
    else:  # org-scp-valid-and-scoped measures service control policies
        most = form.size or size
    if size <= most:
        return None
    raised = " unless its quota is raised" if form.name == "trust" else ""
    return f"it has {size} characters, AWS takes {most}{raised}"


def _faults(each: Document) -> Iterator[str]:
    policy = each.policy
    if isinstance(policy, str) and each.form.name != "SERVICE_CONTROL_POLICY":  # that is org-scp-valid-and-scoped's
        yield "it is not JSON"
    elif isinstance(policy, list):
        yield "it is a list, not a policy document"
    elif isinstance(policy, Mapping) and isinstance(each.written, str):
        yield from _faults_of_text(each.written, each.form.name)
    elif isinstance(policy, Mapping):
        yield from _known_faults(policy, each.form)


@lru_cache(maxsize=512)
def _faults_of_text(text: str, form: str) -> tuple[str, ...]:
    """Judge a document once; text has no unknown in it."""
    twice: Counter[str] = Counter()

    def kept(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        twice.update({key for key, seen in Counter(key for key, _ in pairs).items() if seen > 1})
        return dict(pairs)

    policy = json.loads(text, object_pairs_hook=kept)
    return (
        *(f"{key} is there twice in one object: the first is lost" for key in sorted(twice)),
        *document_faults(policy, FORMS[form]),
    )


def _known_faults(policy: Mapping[str, Any], form: Form) -> Iterator[str]:
    """Judge all of a document; where a part is not known yet, say what is wrong with the statements that are."""
    said = set()
    try:
        for fault in document_faults(policy, form):
            said.add(fault)
            yield fault
    except NeedsUnknownError:
        known = [statement for statement in statements(policy) if not has_unknown(statement)]
        rest = {key: value for key, value in policy.items() if value is not UNKNOWN and key.lower() != "statement"}
        judged = document_faults({"Version": "2012-10-17", **rest, "Statement": known}, form, whole=False)
        yield from (fault for fault in judged if known and fault not in said)
        raise
