"""Certificates that specs name: in AWS somebody asked ACM for them and proved the domain before the first `up`.

What is emulated is the certificate's ARN and that it is issued; the certificate itself is for another name.
"""

from collections.abc import Iterable
from functools import cache

from moto.acm.models import CertBundle, acm_backends


def hold(arns: Iterable[str]) -> None:
    """Let ACM have each of *arns*, issued."""
    for arn in arns:
        region, account_id = arn.split(":")[3:5]
        held = acm_backends[account_id][region]._certificates  # noqa: SLF001 - no other way in
        if arn not in held:
            body, key = _made()
            held[arn] = CertBundle(account_id, body, key, region=region, arn=arn, cert_type="AMAZON_ISSUED")


@cache
def _made() -> tuple[bytes, bytes]:
    """Make one certificate for all: a key takes a tenth of a second."""
    bundle = CertBundle.generate_cert("emulated.invalid", "000000000000", "us-east-1")
    return bundle.cert, bundle.key
