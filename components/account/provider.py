"""The one way to an AWS account: a provider that refuses every other account and tags all it makes."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws


def provider(
    key: str, *, account_id: pulumi.Input[str], role: str | None, region: str, tags: Mapping[str, str]
) -> aws.Provider:
    """Return account *key*'s provider.

    Args:
        key: account key; becomes the provider's logical name.
        account_id: the only account it works in [12 digits].
        role: role it assumes there; None: the caller's own credentials (the management account).
        region: home region.
        tags: tags of everything it makes.
    """
    assume = None
    if role:
        arn = pulumi.Output.concat("arn:aws:iam::", account_id, ":role/", role)
        assume = [aws.ProviderAssumeRoleArgs(role_arn=arn, session_name=f"mlz-{key}")]
    return aws.Provider(
        f"{key}-aws",
        region=region,
        allowed_account_ids=[account_id],
        assume_roles=assume,
        default_tags=aws.ProviderDefaultTagsArgs(tags=tags),
    )
