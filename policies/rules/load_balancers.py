"""Load balancers and API gateways."""

import re
from collections.abc import Iterator
from typing import Final

from policies.rules.plain import Reader, is_set, is_true, shown_value
from policies.rules.registry import rule

# Source: Elastic Load Balancing User Guide, "Security policies for your Application Load Balancer", read 2026-11-21
_TLS12: Final = re.compile(r"^ELBSecurityPolicy-(TLS13-1-[23]-|TLS-1-2-|FS-1-2-)")


@rule("lb-listener-https", "set protocol to HTTPS, or redirect to HTTPS")
def https(r: Reader) -> Iterator[str]:
    """TCP and UDP may carry TLS to the target. An absent protocol with a port is HTTP."""
    protocol = r.get("protocol", "HTTP" if is_set(r.get("port")) else "GENEVE")
    if str(protocol).upper() != "HTTP":
        return
    actions = list(r.elements("defaultActions[]"))
    if not r.waits_for and (not actions or any(not _redirects(action) for action in actions)):
        yield "protocol is HTTP and defaultActions do not redirect to HTTPS"


def _redirects(action: Reader) -> bool:
    return (action.get("type"), action.get("redirect.protocol")) == ("redirect", "HTTPS")


@rule("lb-listener-tls12", "set sslPolicy to ELBSecurityPolicy-TLS13-1-2-2021-06 or a stricter one")
def tls12(r: Reader) -> Iterator[str]:
    """An absent value is ELBSecurityPolicy-2016-08, which takes TLS 1.0."""
    if r.none_of(
        ("protocol", lambda value: str(value).upper() not in ("HTTPS", "TLS")),
        ("sslPolicy", lambda value: _TLS12.match(str(value)) is not None),
    ):
        yield f"sslPolicy is {shown_value(r.get('sslPolicy'), 'ELBSecurityPolicy-2016-08')}"


@rule("lb-access-logs", "set accessLogs.enabled to true and accessLogs.bucket to the log bucket")
def access_logs(r: Reader) -> Iterator[str]:
    """A gateway load balancer has none."""
    if r.get("loadBalancerType") != "gateway":
        yield from r.unless("accessLogs.enabled", True, default=False)
        yield from r.missing("accessLogs.bucket")


@rule("apigw-access-logs", "set accessLogSettings.destinationArn")
def gateway_logs(r: Reader) -> Iterator[str]:
    """REST and HTTP APIs."""
    yield from r.missing("accessLogSettings.destinationArn")


@rule("apigw-method-auth", "set authorization to AWS_IAM or an authorizer")
def method_authorised(r: Reader) -> Iterator[str]:
    """OPTIONS is what browsers ask before they sign in."""
    if r.none_of(
        ("authorization", lambda value: value not in (None, "NONE")),
        ("httpMethod", lambda value: str(value).upper() == "OPTIONS"),
        ("apiKeyRequired", is_true),
    ):
        yield f"authorization is {shown_value(r.get('authorization'), 'NONE')}"
