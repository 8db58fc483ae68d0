"""Who may take a role with a token of an identity provider: the provider's audiences and the role's trust policy say.

The token's signature is not looked at: an issuer's keys lie in the internet, and no rehearsal needs it. So here anybody
may write a token, and a rehearsal shows which tokens AWS would take, not who can get one.

Sources: STS API Reference, AssumeRoleWithWebIdentity ("Errors"); IAM User Guide, "Available keys for AWS OIDC
federation" (<issuer>:aud and :sub hold for every issuer); AWS's words, as issues 280, 690 and 775 of
aws-actions/configure-aws-credentials quote them. All read 2026-11-30.
"""

import base64
import json
from typing import Any

from moto.iam.models import iam_backends

from checks.access import Caller, evaluate, principal, request
from local.authority.held import role_of
from local.authority.resource_policies import target_of
from local.handlers.operation import Call

OPERATION = "AssumeRoleWithWebIdentity"

_DENIED = ("AccessDenied", f"Not authorized to perform sts:{OPERATION}")


def refused_token(call: Call) -> tuple[str, str, str] | None:
    """Return code, message and why where AWS refuses the token of *call*; None: it lets the role be taken."""
    arn = str(call.params.get("RoleArn", ""))
    said = _claims(str(call.params.get("WebIdentityToken", "")))
    account = arn.split(":")[4] if arn.count(":") >= 5 else ""  # noqa: PLR2004 - the parts of an ARN
    issuer = str(said.get("iss", ""))
    if not issuer:
        return "InvalidIdentityToken", "The ID Token provided is not a valid JWT.", "the token names no issuer"
    host = issuer.removeprefix("https://")
    trusted = f"arn:aws:iam::{account}:oidc-provider/{host}"
    providers = iam_backends[account]["aws"].open_id_providers if account in iam_backends else {}
    if trusted not in providers:
        message = f"No OpenIDConnect provider found in your account for {issuer}"
        return "InvalidIdentityToken", message, trusted
    if said.get("aud") not in providers[trusted].client_id_list:
        return "InvalidIdentityToken", "Incorrect token audience", f"{said.get('aud')} is none of the provider's"
    if role_of(arn) is None:
        return *_DENIED, f"there is no role {arn}"
    context = {f"{host}:{claim}": said[claim] for claim in ("aud", "sub") if claim in said}
    asked = request(trusted, f"sts:{OPERATION}", arn, resource_account=account, context=context)
    decision = evaluate(asked, Caller(principal(trusted)), target_of(arn, account))
    return None if decision.allowed else (*_DENIED, f"trust policy / {said.get('sub')} / {decision.missing or ''}")


def _claims(token: str) -> dict[str, Any]:
    """The payload of a token, unverified; empty where it is none."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}
