"""Lambda and Step Functions beyond the core."""

from collections.abc import Iterator

from policies.rules.hardening import only
from policies.rules.instances import number
from policies.rules.jobs import present
from policies.rules.plain import Reader, is_set, shown_value
from policies.rules.registry import rule

rule("lambda-dlq", "set deadLetterConfig.targetArn to a queue or topic")(present("deadLetterConfig.targetArn"))
rule("lambda-description", "say in description what the function is for")(present("description"))
rule("lambda-permission-invoke-only", "set action to lambda:InvokeFunction")(
    # A function URL is called by an action of its own; other tools refuse that too.
    only("action", "lambda:InvokeFunction", "lambda:InvokeFunctionUrl")
)


@rule("lambda-env-kms", "set kmsKeyArn to the account's key")
def environment_encrypted(r: Reader) -> Iterator[str]:
    """Whoever may read the function's configuration reads its variables, unless a key says who."""
    if is_set(r.get("environment.variables")):
        yield from r.missing("kmsKeyArn")


@rule("lambda-concurrency", "set reservedConcurrentExecutions")
def concurrency(r: Reader) -> Iterator[str]:
    """An absent value is -1: the function may use up what all functions of the account share."""
    for shown, value in r.each("reservedConcurrentExecutions"):
        if number(value, default=-1) < 0:
            yield f"{shown} is {shown_value(value, -1)}"


@rule("lambda-code-signing", "set codeSigningConfigArn")
def code_signed(r: Reader) -> Iterator[str]:
    """AWS signs zip files only; an image has its digest."""
    if r.get("packageType") != "Image":
        yield from r.missing("codeSigningConfigArn")


@rule("sfn-cmk", "set encryptionConfiguration.type to CUSTOMER_MANAGED_KMS_KEY, and kmsKeyId")
def state_machine_key(r: Reader) -> Iterator[str]:
    """Executions hold what passes from state to state."""
    yield from r.unless("encryptionConfiguration.type", "CUSTOMER_MANAGED_KMS_KEY", default="AWS_OWNED_KEY")
    yield from r.missing("encryptionConfiguration.kmsKeyId")
