"""IAM's identity provider of the CI: AWS trusts what it signs."""

from collections.abc import Mapping
from typing import Any, Final

from operations.bootstrap.work import CHANGE, MAKE, Work, ours, tag_list
from zone.plan.integration import IntegrationPlan

_KIND: Final = "OIDC provider"


def provider_arn(account_id: str, issuer: str) -> str:
    """ARN of an issuer's provider: an account has one an issuer."""
    return f"arn:aws:iam::{account_id}:oidc-provider/{host(issuer)}"


def host(issuer: str) -> str:
    """The issuer as IAM names it in ARNs and condition keys."""
    return issuer.removeprefix("https://")


def provider(iam: Any, account_id: str, wanted: IntegrationPlan, tags: Mapping[str, str], work: Work) -> None:
    """Have the provider, and in it the audience of our tokens.

    IAM fetches the issuer's certificate itself where no thumbprint is given. Source: IAM API Reference,
    CreateOpenIDConnectProvider, read 2026-11-30.
    """
    arn, name = provider_arn(account_id, wanted.issuer), host(wanted.issuer)
    try:
        found = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    except iam.exceptions.NoSuchEntityException:
        work.change(
            MAKE,
            _KIND,
            name,
            f"for {wanted.audience}",
            lambda: iam.create_open_id_connect_provider(
                Url=wanted.issuer, ClientIDList=[wanted.audience], Tags=tag_list(tags)
            ),
        )
        return
    if wanted.audience in found["ClientIDList"]:
        work.found(_KIND, name)
    elif ours(found.get("Tags", [])):
        work.change(
            CHANGE,
            _KIND,
            name,
            f"for {wanted.audience} too",
            lambda: iam.add_client_id_to_open_id_connect_provider(
                OpenIDConnectProviderArn=arn, ClientID=wanted.audience
            ),
        )
    else:
        remedy = f"aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn {arn} --client-id"
        work.refused(_KIND, name, f"somebody else's, and not for {wanted.audience}: {remedy} {wanted.audience}")
