"""RAM: sharing within the organisation must be switched on before a share can be kept inside it.

AWS refuses a share that allows no outsiders, and one with the organisation or a unit, in an organisation that has not
switched it on. Sources: the refusals' words: hashicorp/terraform-provider-aws issues 7769 and 15254; what it needs:
botocore's service model of RAM, EnableSharingWithAwsOrganization. Read 2026-11-30. Invitations are not emulated: a
share that allows outsiders reaches an account at once.
"""

from typing import Final

from local.authority.held import organization, path_of, role_of
from local.handlers.accounts import KNOWN
from local.handlers.operation import Call, Refusal, completes, requires
from local.handlers.ram import share_of

_SERVICE: Final = "ram.amazonaws.com"
_ROLE: Final = "aws-service-role/ram.amazonaws.com/AWSServiceRoleForResourceAccessManager"
_INSIDE_ONLY: Final = (
    "The resource you are attempting to share can only be shared within your AWS Organization. This error may also "
    "occur if you have not enabled sharing with your AWS organization, or that onboarding process is still in progress."
)


def switched_on() -> bool:
    """Whether RAM shares within the organisation: its role says so, or an organisation that was there before us."""
    there_before = _SERVICE in KNOWN.existing.get("services", ()) if KNOWN.existing else False
    return there_before or role_of(f"arn:aws:iam::{KNOWN.management_account}:role/{_ROLE}") is not None


@completes("ram", "EnableSharingWithAwsOrganization")
def switch_on(_call: Call) -> None:
    """RAM becomes a trusted service of the organisation."""
    if held := organization():
        held.enable_aws_service_access(ServicePrincipal=_SERVICE)


@requires("ram", "CreateResourceShare", "AssociateResourceShare")
def share(call: Call) -> None:
    """Refuse principals that the share cannot have."""
    made = call.operation == "CreateResourceShare"
    kept = call.params if made else share_of(call)
    outsiders = kept.get("allowExternalPrincipals", True)
    for principal in call.params.get("principals", []):
        if principal.startswith("arn:aws:organizations:"):
            if not switched_on():
                name = f"Organization {KNOWN.organization}" if ":organization/" in principal else principal
                raise Refusal("UnknownResourceException", f"{name} could not be found.")
        elif not outsiders and not (switched_on() and path_of(principal)):
            raise Refusal("OperationNotPermittedException", _INSIDE_ONLY)
