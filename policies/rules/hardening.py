"""What AWS and other tools recommend beyond the core: small settings, each with a reason."""

from collections.abc import Iterator
from typing import Any, Final

from policies.rules._addresses import is_wide
from policies.rules._documents import allows, covers, credentials_in, decoded, document, key_of, password_in, texts
from policies.rules.instances import number
from policies.rules.jobs import present
from policies.rules.plain import Reader, is_set, shown_value
from policies.rules.registry import Check, rule


def never(path: str, *values: Any) -> Check:
    """Return the check that *path* has none of *values*."""

    def check(r: Reader) -> Iterator[str]:
        for shown, value in r.each(path):
            if any(value == bad for bad in values):
                yield f"{shown} is {shown_value(value)}"

    return check


def only(path: str, *values: Any, default: Any = None) -> Check:
    """Return the check that *path* has one of *values*."""

    def check(r: Reader) -> Iterator[str]:
        yield from r.unless(path, *values, default=default)

    return check


TRUE: Final = (True, "true")

rule("kms-no-lockout-bypass", "leave bypassPolicyLockoutSafetyCheck out")(
    never("bypassPolicyLockoutSafetyCheck", *TRUE)
)
rule("kms-enabled", "leave isEnabled out")(never("isEnabled", False, "false"))
rule("kms-not-multiregion", "leave multiRegion out: keys stay where the data is")(never("multiRegion", *TRUE))
rule("ecs-no-host-pid", "leave pidMode out, or set it to task")(never("pidMode", "host"))
rule("apigw-no-data-trace", "leave dataTraceEnabled out: it logs whole requests")(
    never("settings.dataTraceEnabled", *TRUE)
)
rule("apigw-v2-route-auth", "set authorizationType to AWS_IAM, JWT or CUSTOM")(
    only("authorizationType", "AWS_IAM", "JWT", "CUSTOM", default="NONE")
)
rule("codebuild-s3logs-encrypted", "leave encryptionDisabled out")(never("logsConfig.s3Logs.encryptionDisabled", *TRUE))
rule("codebuild-reportgroup-encrypted", "leave encryptionDisabled out")(
    never("exportConfig.s3Destination.encryptionDisabled", *TRUE)
)
rule("trail-logging-enabled", "leave enableLogging out, or set it to true")(never("enableLogging", False, "false"))
rule("tgw-no-auto-accept", "leave autoAcceptSharedAttachments out")(never("autoAcceptSharedAttachments", "enable"))
rule("vpc-endpoint-service-manual-accept", "set acceptanceRequired to true")(only("acceptanceRequired", True))
rule("s3-acl-disabled", "set rule.objectOwnership to BucketOwnerEnforced")(
    only("rule.objectOwnership", "BucketOwnerEnforced")
)
rule("sns-subscription-https", "set protocol to https")(never("protocol", "http"))
rule("dynamodb-cmk", "set serverSideEncryption.enabled and kmsKeyArn")(present("serverSideEncryption.kmsKeyArn"))
rule("ebs-volume-cmk", "set kmsKeyId")(present("kmsKeyId"))
rule("efs-cmk", "set kmsKeyId")(present("kmsKeyId"))
rule("athena-database-encrypted", "set encryptionConfiguration.encryptionOption")(
    present("encryptionConfiguration.encryptionOption")
)
rule("lambda-tracing", "set tracingConfig.mode to Active")(only("tracingConfig.mode", "Active", default="PassThrough"))
rule("sfn-tracing", "set tracingConfiguration.enabled to true")(
    only("tracingConfiguration.enabled", True, default=False)
)
rule("ec2-no-keypair", "leave keyName out and use Session Manager")(
    lambda r: (f"{shown} is {value}" for shown, value in r.each("keyName") if is_set(value))
)
rule("vpc-no-default-vpc", "remove the default VPC; networks come from the plan")(
    lambda _: iter(("it is the default VPC, which has a way to the internet",))
)


@rule("efs-accesspoint-user", "set posixUser.uid and posixUser.gid to ones that are not 0")
def access_point_user(r: Reader) -> Iterator[str]:
    """Root of an access point is root of its files."""
    for path in ("posixUser.uid", "posixUser.gid"):
        for shown, value in r.each(path):
            if value is None or number(value) == 0:
                yield f"{shown} is {shown_value(value)}"


@rule("eks-public-cidrs-restricted", "name the offices' blocks in vpcConfig.publicAccessCidrs")
def cluster_addresses(r: Reader) -> Iterator[str]:
    """Only where the endpoint is public at all; an absent list is everyone."""
    if r.get("vpcConfig.endpointPublicAccess", default=True) in TRUE:
        blocks = r.each("vpcConfig.publicAccessCidrs[]")
        if not r.waits_for and (not blocks or any(is_wide(block) for _, block in blocks)):
            yield "vpcConfig.publicAccessCidrs is open to everyone"


@rule("eks-nodegroup-remote-access", "leave remoteAccess out, or name its source security groups")
def node_access(r: Reader) -> Iterator[str]:
    """A key without groups is open to every address."""
    if is_set(r.get("remoteAccess")):
        yield from r.missing("remoteAccess.sourceSecurityGroupIds")


@rule("iam-trust-no-notprincipal", "name who may assume the role")
def trust_by_name(r: Reader) -> Iterator[str]:
    """NotPrincipal and NotAction allow what nobody thought of."""
    for statement in allows(document(r, "assumeRolePolicy")):
        for element in ("NotPrincipal", "NotAction"):
            if key_of(statement, element) is not None:
                yield f"{key_of(statement, 'Sid') or 'a statement'} of assumeRolePolicy has {element}"


@rule("s3-policy-no-wildcard-action", "name the actions")
def bucket_actions(r: Reader) -> Iterator[str]:
    """An Allow of s3:* lets a reader delete the bucket."""
    for statement in allows(document(r, "policy")):
        name = key_of(statement, "Sid") or "a statement"
        wide = [action for action in texts(statement, "Action") if covers(action, "s3:*")]
        wide += [element for element in ("NotAction", "NotPrincipal") if key_of(statement, element) is not None]
        if wide:
            yield f"{name} allows {', '.join(wide)}"


@rule("ec2-no-userdata-secrets", "read the secret from Secrets Manager inside the script")
def user_data(r: Reader) -> Iterator[str]:
    """Everyone who may describe the instance reads it."""
    for path in ("userData", "userDataBase64"):
        for shown, script in r.each(path):
            if isinstance(script, str) and (found := password_in(script) or password_in(decoded(script))):
                yield f"{shown} holds {found}"


@rule("sfn-no-secrets", "read the secret from Secrets Manager in the task")
def definition_without_secrets(r: Reader) -> Iterator[str]:
    """The definition is shown to everyone who may describe the state machine."""
    for shown, definition in r.each("definition"):
        if found := credentials_in(str(definition)):
            yield f"{shown} holds {found}"
