"""AWS Organizations: service control policies and features."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from policies.rules._documents import conditions, covers, document, key_of, statements, texts
from policies.rules.plain import NeedsUnknownError, Reader, Resource, has_unknown
from policies.rules.registry import Stack, rule, stack_rule
from zone.facts import limit

POLICY: Final = "aws:organizations/policy:Policy"
ATTACHMENT: Final = "aws:organizations/policyAttachment:PolicyAttachment"
SCP: Final = "SERVICE_CONTROL_POLICY"

MAX_SCP_CHARACTERS: Final[int] = limit("organizations.scp_document_size")
"""Size of a service control policy [characters]; AWS has doubled what other tools still say."""


@rule("org-scp-valid-and-scoped", "mend the document, and give each Deny of everything a condition or NotAction")
def scp_scoped(r: Reader) -> Iterator[str]:
    """An unconditional Deny * locks everybody out, those who would mend it too."""
    if r.get("type", SCP) != SCP:
        return
    policy = document(r, "content")
    if not isinstance(policy, Mapping):
        yield "content is not a JSON document"
        return
    content = r.get("content")
    size = len(content if isinstance(content, str) else json.dumps(policy, separators=(",", ":"), default=str))
    if size > MAX_SCP_CHARACTERS:
        yield f"content has {size} characters, AWS takes {MAX_SCP_CHARACTERS}"
    for statement in statements(policy):
        deny = key_of(statement, "Effect") == "Deny"
        everything = "*" in texts(statement, "Action") and "*" in texts(statement, "Resource")
        if deny and everything and not any(conditions(statement)):
            yield f"{key_of(statement, 'Sid') or 'a statement'} denies * on * without a condition"


def _keys(statement: Mapping[str, Any]) -> set[str]:
    return {key for _, key, _ in conditions(statement)}


def _denies(statement: Mapping[str, Any], action: str) -> bool:
    return any(covers(pattern, action) for pattern in texts(statement, "Action"))


def _denies_root(statement: Mapping[str, Any]) -> bool:
    return any(
        key == "aws:principalarn" and any(str(value).endswith(":root") for value in values)
        for _, key, values in conditions(statement)
    )


def _baseline(denials: list[Mapping[str, Any]]) -> Iterator[str]:
    """Name what no denial covers."""
    actions = {
        "leaving the organisation": ("organizations:LeaveOrganization",),
        "stopping CloudTrail": ("cloudtrail:StopLogging", "cloudtrail:DeleteTrail"),
        "stopping Config": ("config:StopConfigurationRecorder", "config:DeleteConfigurationRecorder"),
        "stopping GuardDuty": ("guardduty:DeleteDetector",),
    }
    for what, needed in actions.items():
        if not all(any(_denies(each, action) for each in denials) for action in needed):
            yield what
    if not any("aws:requestedregion" in _keys(each) for each in denials):
        yield "other regions"
    if not any(_denies_root(each) for each in denials):
        yield "the root user"
    sagemaker = {
        "SageMaker outside the VPC": {
            "sagemaker:vpcsubnets",
            "sagemaker:vpcsecuritygroupids",
            "sagemaker:appnetworkaccesstype",
        },
        "SageMaker without a key": {"sagemaker:volumekmskey", "sagemaker:outputkmskey"},
        "other instance types": {"sagemaker:instancetypes"},
        "root in notebooks": {"sagemaker:rootaccess"},
        "notebooks on the internet": {"sagemaker:directinternetaccess"},
    }
    for what, keys in sagemaker.items():
        if not any(keys & _keys(each) for each in denials):
            yield what


@stack_rule(
    "org-scp-baseline", "attach the baseline policies to the root or to each OU", settings={"enforcedElsewhere": []}
)
def scp_baseline(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """Judged where service control policies are made; a policy that is attached nowhere does nothing."""
    made = [each for each in stack.of(POLICY) if stack.known(each, each, "type") in ([SCP], [None])]
    denials: list[Mapping[str, Any]] = []
    unsure = False
    for policy in made:
        try:
            attached = stack.about(policy, [ATTACHMENT], "policyId")
            said = list(statements(document(Reader(policy, {}), "content"))) if attached else []
            known = [statement for statement in said if not has_unknown(statement)]
            denials += [statement for statement in known if key_of(statement, "Effect") == "Deny"]
            unsure = unsure or attached is None or len(known) < len(said)
        except NeedsUnknownError:
            unsure = True
    elsewhere = stack.settings["enforcedElsewhere"]
    lacking = [what for what in _baseline(denials) if what not in elsewhere] if made else []
    if lacking and unsure:
        stack.waits_for.append((made[0], "content"))
    elif lacking:
        yield made[0], f"no attached policy denies {', '.join(lacking)}"


@rule("org-feature-set-all", "set featureSet to ALL and enable SERVICE_CONTROL_POLICY and TAG_POLICY")
def features(r: Reader) -> Iterator[str]:
    """An absent feature set is ALL."""
    yield from r.unless("featureSet", "ALL", default="ALL")
    enabled = [value for _, value in r.each("enabledPolicyTypes[]")]
    lacking = [kind for kind in (SCP, "TAG_POLICY") if kind not in enabled]
    if lacking and not r.waits_for:
        yield f"enabledPolicyTypes lacks {', '.join(lacking)}"
