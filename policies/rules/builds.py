"""CodeBuild and CodePipeline."""

from collections.abc import Iterator

from policies.rules.containers import variable_secret
from policies.rules.plain import Reader, is_set
from policies.rules.registry import rule


@rule("codebuild-artifact-encryption", "leave encryptionDisabled out")
def artifacts_encrypted(r: Reader) -> Iterator[str]:
    """An absent value is false."""
    for path in ("artifacts.encryptionDisabled", "secondaryArtifacts[].encryptionDisabled"):
        yield from r.unless(path, False, "false", default=False)


@rule("codebuild-no-privileged", "leave privilegedMode out; build images with a daemonless builder")
def not_privileged(r: Reader) -> Iterator[str]:
    """A project that must build images writes an exception."""
    yield from r.unless("environment.privilegedMode", False, "false", default=False)


@rule("codebuild-logging", "enable cloudwatchLogs or s3Logs")
def logs(r: Reader) -> Iterator[str]:
    """CloudWatch logs are on where nothing is said; once logsConfig is there, each says it for itself."""
    if r.none_of(
        ("logsConfig.cloudwatchLogs.status", lambda value: value in (None, "ENABLED")),
        ("logsConfig.s3Logs.status", lambda value: value == "ENABLED"),
    ):
        yield "logsConfig enables neither cloudwatchLogs nor s3Logs"


@rule("codebuild-no-plaintext-cred", "use type SECRETS_MANAGER or PARAMETER_STORE, or the project's role")
def no_credentials(r: Reader) -> Iterator[str]:
    """An absent type is PLAINTEXT."""
    for variable in r.elements("environment.environmentVariables[]"):
        if variable.none_of(("type", lambda kind: kind not in (None, "PLAINTEXT"))):
            yield from variable_secret(variable)


@rule("codepipeline-cmk", "set artifactStores[].encryptionKey.id")
def pipeline_key(r: Reader) -> Iterator[str]:
    """Each store, or the pipeline's one."""
    for store in r.elements("artifactStores[]"):
        if not is_set(store.get("encryptionKey.id")):
            yield f"{store.inside}encryptionKey.id is not set"
