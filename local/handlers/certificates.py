"""ACM: a certificate that is in use stays.

One that is asked for with DNS validation is issued at once: whose zone the domain lies in is not known here. Source:
botocore's service model of ACM, DeleteCertificate (ResourceInUseException), read 2026-11-30.
"""

from moto.acm.models import acm_backends
from moto.elbv2.models import elbv2_backends

from local.handlers.operation import Call, Refusal, completes, requires


@requires("acm", "DeleteCertificate")
def delete(call: Call) -> None:
    """Refuse a certificate that a listener has."""
    arn = call.params["CertificateArn"]
    for balancer in elbv2_backends[call.account][call.region].load_balancers.values():
        for listener in balancer.listeners.values():
            if any(arn == each for each in (*listener.certificates, listener.certificate)):
                raise Refusal("ResourceInUseException", f"Certificate {arn} in account {call.account} is in use.")


@completes("acm", "RequestCertificate")
def issue(call: Call) -> None:
    """Issue what was asked for, as if the record that proves the domain were there."""
    for certificate in acm_backends[call.account][call.region]._certificates.values():  # noqa: SLF001 - no other way in
        if certificate.status == "PENDING_VALIDATION":
            certificate.status = "ISSUED"
