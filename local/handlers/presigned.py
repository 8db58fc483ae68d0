"""SageMaker's links that let somebody into Studio; those onto MLflow's pages are in mlflow.py.

Source: SageMaker API reference, CreatePresignedDomainUrl, read 2026-11-29.
"""

import secrets

from local.handlers.operation import Call, Refusal, operation
from local.handlers.records import STORES, Record


def _found(call: Call, noun: str, *key: str) -> Record:
    record = STORES.get(("sagemaker", noun, call.account, call.region), {}).get(key)
    if record is None:
        raise Refusal("ResourceNotFound", f"{noun} {'/'.join(key)} does not exist: RecordNotFound")
    return record


@operation("sagemaker", "CreatePresignedDomainUrl")
def domain_url(call: Call) -> Record:
    """A link into Studio; a domain of single sign-on gives none: people come in by Identity Center's portal."""
    domain = _found(call, "Domain", call.params["DomainId"])
    _found(call, "UserProfile", call.params["DomainId"], call.params["UserProfileName"])
    if domain.get("AuthMode") == "SSO":
        raise Refusal("ValidationException", "CreatePresignedDomainUrl is not supported for domains with SSO AuthMode.")
    return {"AuthorizedUrl": f"{domain['Url']}/auth?token={secrets.token_urlsafe(32)}"}
