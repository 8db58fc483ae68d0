"""SageMaker notebook instances."""

from collections.abc import Iterator

from policies.rules._documents import decoded, document, password_in
from policies.rules.identities import ROLE, no_admin
from policies.rules.plain import UNKNOWN, NeedsUnknownError, Reader, Resource
from policies.rules.registry import Stack, names_of, rule, stack_rule

# Source: https://docs.aws.amazon.com/sagemaker/latest/dg/nbi-al2023.html and Security Hub SageMaker.8, read 2026-11-21
SUPPORTED_PLATFORMS = ("notebook-al2023-v1",)


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
    supported = r.settings["supportedPlatformIdentifiers"]
    for fault in r.unless("platformIdentifier", *supported, default="notebook-al2-v3"):
        yield f"{fault}, supported: {', '.join(supported)}"


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
                if found := password_in(line):
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
    for role in stack.of(ROLE):
        notebooks = _about(stack, role, "aws:sagemaker/notebookInstance:NotebookInstance", "roleArn")
        if not notebooks:
            continue
        faults: list[str] = []
        waits_for: list[str] = []
        try:
            faults.extend(_role_faults(stack, role, waits_for))
        except NeedsUnknownError as error:
            waits_for.append(str(error))
        for notebook in notebooks:
            stack.waits_for.extend((notebook, f"{role.name}: {path}") for path in waits_for)
            yield from ((notebook, f"its role {role.name}: {fault}") for fault in faults)


def _about(stack: Stack, target: Resource, kind: str, path: str) -> list[Resource] | None:
    """Ask as Stack.about does, and know *target* by the end of an ARN too: before `up` only its name is known."""
    by_arn = [
        other
        for other in stack.of(kind)
        if any(_ends_in_name_of(target, arn) for _, arn in Reader(other, {}).each(path))
    ]
    before = len(stack.waits_for)
    found = stack.about(target, [kind], path)
    if by_arn:
        del stack.waits_for[before:]
        return [*by_arn, *(other for other in found or () if other not in by_arn)]
    return found


def _ends_in_name_of(resource: Resource, arn: object) -> bool:
    name = resource.props.get("name")
    return isinstance(name, str) and isinstance(arn, str) and arn.endswith(f"/{name}") and ":iam::aws:" not in arn


def _role_faults(stack: Stack, role: Resource, waits_for: list[str]) -> Iterator[str]:
    """Say where *role* is allowed everything: inline, in a policy of its own, or attached."""
    r = Reader(role, {}, waits_for=waits_for)
    for inline in r.elements("inlinePolicies[]"):
        yield from no_admin(document(inline, "policy"))
    owned = stack.about(role, ["aws:iam/rolePolicy:RolePolicy"], "role")
    attachments = stack.about(role, [ATTACHMENT], "role")
    if owned is None or attachments is None:
        raise NeedsUnknownError("role")
    for own in owned:
        yield from no_admin(document(Reader(own, {}, waits_for=waits_for), "policy"))
    arns = [arn for _, arn in r.each("managedPolicyArns[]")]
    unexplained = {each.key: each for each in attachments}
    for policy in stack.of("aws:iam/policy:Policy"):
        mine = [each for each in _about(stack, policy, ATTACHMENT, "policyArn") or () if each in attachments]
        if mine or any(arn in names_of(policy) or _ends_in_name_of(policy, arn) for arn in arns):
            yield from no_admin(document(Reader(policy, {}, waits_for=waits_for), "policy"))
        elif arns and policy.props.get("name") is UNKNOWN:
            waits_for.append(f"name of {policy.name}")  # it may be the one that managedPolicyArns means
        for each in mine:
            unexplained.pop(each.key, None)
    for arn in [*arns, *(Reader(each, {}).get("policyArn") for each in unexplained.values())]:
        if str(arn).endswith(":policy/AdministratorAccess"):
            yield f"{arn} is attached"
