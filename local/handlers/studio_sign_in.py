"""Studio with AuthMode SSO asks for Identity Center: an instance in the domain's region, each person in its directory.

Sources: SageMaker Developer Guide, "Set up Amazon SageMaker AI domain using IAM Identity Center" (instance of the
organisation, same region); SageMaker API Reference, CreateUserProfile (its members SingleSignOn…: required with SSO,
not allowed without); read 2026-11-29. No page gives the words of the refusals: these are ours.
"""

from moto.identitystore.models import identitystore_backends

from local.handlers.accounts import KNOWN
from local.handlers.operation import Call, Refusal, requires
from local.handlers.records import STORES


@requires("sagemaker", "CreateDomain")
def instance(call: Call) -> None:
    """A domain that people enter by Identity Center stands where its instance is."""
    if call.params["AuthMode"] == "SSO" and (not KNOWN.instance or call.region != KNOWN.instance_region):
        where = f"it is in {KNOWN.instance_region}" if KNOWN.instance else "it is not enabled"
        text = f"AuthMode SSO needs an organization instance of IAM Identity Center in {call.region}: {where}."
        raise Refusal("ValidationException", text)


@requires("sagemaker", "CreateUserProfile")
def person(call: Call) -> None:
    """A profile there belongs to a user of the directory; elsewhere it names none."""
    domains = STORES.get(("sagemaker", "Domain", call.account, call.region), {})
    domain = domains.get((call.params["DomainId"],))
    named = {"SingleSignOnUserIdentifier", "SingleSignOnUserValue"} & call.params.keys()
    if domain is None:
        return
    if domain["AuthMode"] != "SSO":
        if named:
            text = f"{min(named)} cannot be specified: the domain's AuthMode is {domain['AuthMode']}."
            raise Refusal("ValidationException", text)
        return
    if call.params.get("SingleSignOnUserIdentifier") != "UserName" or "SingleSignOnUserValue" not in named:
        text = (
            "SingleSignOnUserIdentifier UserName and SingleSignOnUserValue are required: the domain's AuthMode is SSO."
        )
        raise Refusal("ValidationException", text)
    wanted = call.params["SingleSignOnUserValue"]
    if wanted.lower() not in _users():
        raise Refusal("ValidationException", f"IAM Identity Center has no user with the user name {wanted}.")


def _users() -> set[str]:
    """User names of the directory: those it had from the start, and those that were made."""
    backend = identitystore_backends[KNOWN.management_account][KNOWN.instance_region]
    made = [user.UserName for store in backend.identity_stores.values() for user in store.users.values()]
    return {name.lower() for name in (*KNOWN.users, *made)}
