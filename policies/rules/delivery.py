"""CodeBuild, CodePipeline and CodeArtifact beyond the core."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from policies.rules.instances import allowed, number
from policies.rules.jobs import present
from policies.rules.plain import UNKNOWN, Reader, is_set, shown_value
from policies.rules.registry import rule

_USER_IN_URL: Final = re.compile(r"^https?://(?P<user>[^/@\s]+)@(?P<host>[^/\s]+)")
_TRUSTED_IMAGE: Final = re.compile(
    r"^(aws/codebuild/|\d{12}\.dkr[.-]ecr(?:-fips)?\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|on\.aws)/)"
)

DEFAULT_COMPUTE: Final = (
    "BUILD_GENERAL1_SMALL",
    "BUILD_GENERAL1_MEDIUM",
    "BUILD_GENERAL1_LARGE",
    "BUILD_LAMBDA_*",
)
"""What a stack that declares no list may use. Source: ComputeType of botocore's model."""

BUILD_MINUTES: Final = 60
"""CodeBuild's own default [minutes]."""

rule("codebuild-in-vpc", "set vpcConfig to the account's network")(present("vpcConfig.vpcId"))
rule("codeartifact-cmk", "set encryptionKey to the account's key")(present("encryptionKey"))


@rule("codebuild-cmk", "set encryptionKey to the account's key")
def project_key(r: Reader) -> Iterator[str]:
    """An absent key is AWS's own for S3."""
    for shown, key in r.each("encryptionKey"):
        if not is_set(key) or str(key).endswith("alias/aws/s3"):
            yield f"{shown} is {shown_value(key, 'alias/aws/s3')}"


@rule("codebuild-source-url", "leave the user out of the URL; a connection signs in")
def source_without_credentials(r: Reader) -> Iterator[str]:
    """A name with a password, or a token alone. Bitbucket writes the user, and no secret, into its clone URLs."""
    for path in ("source.location", "secondarySources[].location"):
        for shown, location in r.each(path):
            found = _USER_IN_URL.match(str(location))
            if found and (":" in found["user"] or "bitbucket" not in found["host"]):
                yield f"{shown} holds credentials for {found['host']}"


@rule("codebuild-managed-image", "use an aws/codebuild image, or one from the account's ECR")
def trusted_image(r: Reader) -> Iterator[str]:
    """A build holds the keys to what is deployed."""
    for shown, image in r.each("environment.image"):
        if not _TRUSTED_IMAGE.match(str(image)):
            yield f"{shown} is {shown_value(image)}"


@rule(
    "codebuild-compute-guardrail",
    "use a compute type of allowedComputeTypes, and a shorter buildTimeout",
    settings={"allowedComputeTypes": DEFAULT_COMPUTE, "maxBuildMinutes": BUILD_MINUTES},
)
def compute(r: Reader) -> Iterator[str]:
    """A build that hangs is billed until its timeout."""
    for shown, value in r.each("environment.computeType"):
        if is_set(value) and not allowed(value, r.settings["allowedComputeTypes"]):
            yield f"{shown} {value} is not in allowedComputeTypes"
    limit = r.settings["maxBuildMinutes"]
    for shown, minutes in r.each("buildTimeout"):
        if number(minutes, BUILD_MINUTES) > limit:
            yield f"{shown} {shown_value(minutes, BUILD_MINUTES)} is above maxBuildMinutes {shown_value(limit)}"


@rule("codepipeline-source-no-oauth-literal", "use provider CodeStarSourceConnection with a ConnectionArn")
def no_token(r: Reader) -> Iterator[str]:
    """Wherever the token comes from, it ends in the pipeline's definition and in Pulumi's state."""
    for shown, settings in r.each("stages[].actions[].configuration"):
        token = settings.get("OAuthToken") if isinstance(settings, Mapping) else None
        if token is UNKNOWN:
            r.waits_for.append(f"{shown}.OAuthToken")
        elif is_set(token):
            yield f"{shown}.OAuthToken is set"
