"""SageMaker Studio: domains, user profiles, MLflow, code repositories."""

import re
from collections.abc import Iterator
from typing import Final

from policies.rules.plain import Reader, is_set, values
from policies.rules.registry import rule

_USER_IN_URL: Final = re.compile(r"://[^/@\s]+@")


@rule("sm-domain-kms", "set kmsKeyId to the account's Studio key; it cannot be added later")
def domain_encrypted(r: Reader) -> Iterator[str]:
    """Home volumes then have the account's own key."""
    yield from r.missing("kmsKeyId")


@rule("sm-domain-sso", "set authMode to SSO, so that people sign in with their own identity")
def domain_sso(r: Reader) -> Iterator[str]:
    """IAM is the other mode."""
    yield from r.unless("authMode", "SSO", default="IAM")


@rule("sm-domain-security-groups", "name the Studio security group in defaultUserSettings.securityGroups")
def domain_security_groups(r: Reader) -> Iterator[str]:
    """Only a VpcOnly domain needs them; AWS takes the VPC's default group otherwise."""
    groups = "defaultUserSettings.securityGroups"
    if r.none_of(("appNetworkAccessType", lambda mode: mode != "VpcOnly"), (groups, is_set)):
        yield f"{groups} is not set"


@rule("sm-domain-notebook-output-kms", "set notebookOutputOption to Disabled, or s3KmsKeyId to the account's key")
def domain_output_encrypted(r: Reader) -> Iterator[str]:
    """Shared notebook output holds data."""
    sharing = "defaultUserSettings.sharingSettings"
    key = f"{sharing}.s3KmsKeyId"
    # Disabled is what AWS takes where the settings are absent.
    if r.none_of((f"{sharing}.notebookOutputOption", lambda option: option in (None, "Disabled")), (key, is_set)):
        yield f"{key} is not set"


@rule("sm-domain-docker-trusted-accounts", "name vpcOnlyTrustedAccounts, or leave Docker access off")
def domain_docker(r: Reader) -> Iterator[str]:
    """Without the list, images of any account run."""
    docker = "domainSettings.dockerSettings"
    trusted = f"{docker}.vpcOnlyTrustedAccounts"
    if r.none_of((f"{docker}.enableDockerAccess", lambda access: access != "ENABLED"), (trusted, is_set)):
        yield f"{trusted} is not set"


@rule("sm-domain-execution-identity", "set domainSettings.executionRoleIdentityConfig to USER_PROFILE_NAME")
def domain_identity(r: Reader) -> Iterator[str]:
    """CloudTrail then says who it was, not only which role."""
    yield from r.unless("domainSettings.executionRoleIdentityConfig", "USER_PROFILE_NAME", default="DISABLED")


@rule("sm-userprofile-execution-role", "set userSettings.executionRole to the member's own role")
def profile_role(r: Reader) -> Iterator[str]:
    """Else the profile takes the domain's role, and all members are one."""
    yield from r.missing("userSettings.executionRole")


@rule(
    "sm-domain-hidden-instance-types",
    "add the types to studioWebPortalSettings.hiddenInstanceTypes",
    settings={"mustHide": ()},
)
def hidden_types(r: Reader) -> Iterator[str]:
    """A courtesy to users: what is refused should not be offered."""
    profile = r.resource.type.endswith(":UserProfile")
    base = "userSettings" if profile else "defaultUserSettings"
    must_hide = r.settings["mustHide"]
    # What a profile leaves out, its domain says.
    if must_hide and not (profile and not is_set(r.get("userSettings.studioWebPortalSettings"))):
        path = f"{base}.studioWebPortalSettings.hiddenInstanceTypes[]"
        hidden = [value for _, value in values(r.data, path)]
        shown = [name for name in must_hide if name not in hidden]
        if shown and len(r.each(path)) == len(hidden):  # each value is known
            yield f"{base}.studioWebPortalSettings.hiddenInstanceTypes lacks {', '.join(shown)}"


@rule(
    "sm-mlflow-artifact-bucket",
    "set artifactStoreUri to s3:// in an approved bucket",
    settings={"allowedArtifactBuckets": ()},
)
def mlflow_bucket(r: Reader) -> Iterator[str]:
    """Without a list, any bucket will do."""
    for shown, uri in r.each("artifactStoreUri"):
        bucket = str(uri).removeprefix("s3://").split("/")[0] if str(uri).startswith("s3://") else ""
        approved = r.settings["allowedArtifactBuckets"]
        if not bucket:
            yield f"{shown} is {uri if is_set(uri) else 'absent'}, no s3:// address"
        elif approved and bucket not in approved:
            yield f"{shown} is in bucket {bucket}, which is not in allowedArtifactBuckets"


@rule("sm-coderepo-secret", "put the credentials into Secrets Manager and its ARN into gitConfig.secretArn")
def repository_secret(r: Reader) -> Iterator[str]:
    """A user name in the URL is kept in clear text."""
    yield from r.missing("gitConfig.secretArn")
    for shown, url in r.each("gitConfig.repositoryUrl"):
        if _USER_IN_URL.search(str(url)):
            yield f"{shown} holds credentials"
