"""SageMaker notebook instances."""

import re
from collections.abc import Iterator
from typing import Final

from policies.rules._documents import credentials_in, decoded, document
from policies.rules.identities import ROLE, no_admin
from policies.rules.plain import NeedsUnknownError, Reader, Resource
from policies.rules.registry import Stack, rule, stack_rule

# Source: https://docs.aws.amazon.com/sagemaker/latest/dg/nbi-al2023.html and Security Hub SageMaker.8, read 2026-11-21
SUPPORTED_PLATFORMS = ("notebook-al2023-v1",)


# The value is quoted, or a word that is neither a variable, a call, an index nor a keyword; the name is no part of an
# ARN (…:secret:db).
_PASSWORD: Final = re.compile(
    r"(?<!:)(?:password|passwd|secret|token)['\"]?\s*[=:]\s*"
    r"(?:['\"](?![$({<])[^'\"]{4,}|(?![$({<`]|(?:none|null|true|false)\b)[^\s'\"()\[\]]{4,}+(?![(\[]))",
    re.IGNORECASE,
)

ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"


@rule("sm-notebook-no-root", "set rootAccess to Disabled; lifecycle scripts still run as root")
def no_root(r: Reader) -> Iterator[str]:
    """An absent value is Enabled."""
    yield from r.unless("rootAccess", "Disabled", default="Enabled")


@rule("sm-notebook-kms", "set kmsKeyId to the account's Studio key")
def encrypted(r: Reader) -> Iterator[str]:
    """Without it the volume has an AWS-owned key."""
    yield from r.missing("kmsKeyId")


@rule("sm-notebook-imdsv2", "set instanceMetadataServiceConfiguration.minimumInstanceMetadataServiceVersion to 2")
def metadata_version(r: Reader) -> Iterator[str]:
    """An absent value is 1."""
    path = "instanceMetadataServiceConfiguration.minimumInstanceMetadataServiceVersion"
    yield from r.unless(path, "2", 2, default="1")


@rule(
    "sm-notebook-platform",
    "set platformIdentifier to a supported platform",
    settings={"supportedPlatformIdentifiers": SUPPORTED_PLATFORMS},
)
def platform(r: Reader) -> Iterator[str]:
    """An absent value is notebook-al2-v3, which AWS supports no longer."""
    yield from r.unless("platformIdentifier", *r.settings["supportedPlatformIdentifiers"], default="notebook-al2-v3")


@rule("sm-notebook-lifecycle-config", "set lifecycleConfigName to a configuration that stops idle notebooks")
def lifecycle(r: Reader) -> Iterator[str]:
    """A notebook nobody uses still costs."""
    yield from r.missing("lifecycleConfigName")


@rule("sm-notebook-lifecycle-no-secrets", "read the secret from Secrets Manager inside the script")
def lifecycle_without_secrets(r: Reader) -> Iterator[str]:
    """The scripts are base64; anyone who may describe the configuration reads them."""
    yield from secrets_in(r, "onCreate", "onStart")


@rule("sm-studio-lifecycle-no-secrets", "read the secret from Secrets Manager inside the script")
def studio_lifecycle_without_secrets(r: Reader) -> Iterator[str]:
    """As for notebooks."""
    yield from secrets_in(r, "studioLifecycleConfigContent")


def secrets_in(r: Reader, *paths: str) -> Iterator[str]:
    """Complain about credentials in the base64 scripts at *paths*, line by line, without repeating them."""
    for path in paths:
        for shown, script in r.each(path):
            for number, line in enumerate(_opened(script).splitlines() if isinstance(script, str) else (), 1):
                found = credentials_in(line) or ("a literal password" if _PASSWORD.search(line) else None)
                if found:
                    yield f"{shown}, line {number} of the script, holds {found}"


def _opened(script: str) -> str:
    """Return *script* decoded; `base64` wraps its lines, and some encoders leave the padding out."""
    packed = "".join(script.splitlines()).rstrip("=")
    packed += "=" * (-len(packed) % 4)
    opened = decoded(packed)
    return script if opened == packed else opened


@stack_rule("sm-notebook-role-not-permissive", "name the actions and resources the notebook needs")
def role_not_permissive(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """Whoever opens the notebook is its role."""
    notebook_type = "aws:sagemaker/notebookInstance:NotebookInstance"
    for role in stack.of(ROLE):
        notebooks = stack.about(role, [notebook_type], "roleArn")
        if not notebooks:
            continue
        faults: list[str] = []
        try:
            faults.extend(_role_faults(stack, role))
        except NeedsUnknownError as error:
            stack.waits_for.extend((notebook, f"{role.name}: {error}") for notebook in notebooks)
        for notebook in notebooks:
            yield from ((notebook, f"its role {role.name}: {fault}") for fault in faults)


def _role_faults(stack: Stack, role: Resource) -> Iterator[str]:
    """Say where *role* is allowed everything: inline, in a policy of its own, or attached."""
    for inline in Reader(role, {}).elements("inlinePolicies[]"):
        yield from no_admin(document(inline, "policy"))
    owned = stack.about(role, ["aws:iam/rolePolicy:RolePolicy"], "role")
    attachments = stack.about(role, [ATTACHMENT], "role")
    if owned is None or attachments is None:
        raise NeedsUnknownError("role")
    for own in owned:
        yield from no_admin(document(Reader(own, {}), "policy"))
    unexplained = {each.key: each for each in attachments}
    for policy in stack.of("aws:iam/policy:Policy"):
        mine = [each for each in stack.about(policy, [ATTACHMENT], "policyArn") or () if each in attachments]
        if mine:
            yield from no_admin(document(Reader(policy, {}), "policy"))
        for each in mine:
            unexplained.pop(each.key, None)
    for arn in [
        *(arn for _, arn in Reader(role, {}).each("managedPolicyArns[]")),
        *(Reader(each, {}).get("policyArn") for each in unexplained.values()),
    ]:
        if str(arn).endswith(":policy/AdministratorAccess"):
            yield f"{arn} is attached"
