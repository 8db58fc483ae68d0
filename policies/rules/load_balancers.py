"""Load balancers and API gateways."""

import re
from collections.abc import Iterator
from typing import Final

from policies.rules.plain import Reader, is_set, is_true, shown_value
from policies.rules.registry import rule

# Source: Elastic Load Balancing User Guide, "Security policies for your Application Load Balancer", read 2026-11-21
_TLS12: Final = re.compile(r"^ELBSecurityPolicy-(TLS13-1-[23]-|TLS-1-2-|FS-1-2-)")


# Source: Elastic Load Balancing API Reference, CreateLoadBalancer and LoadBalancerAttribute, by botocore 1.44.5, read
# 2026-11-29: a gateway load balancer has no scheme and no logs, only an application load balancer reads headers.
IS_GATEWAY: Final = ("loadBalancerType", lambda kind: kind == "gateway")
READS_NO_HEADERS: Final = ("loadBalancerType", lambda kind: kind in ("network", "gateway"))


@rule("lb-internal", "set internal to true; for a public load balancer write an exception with its owner and reason")
def internal(r: Reader) -> Iterator[str]:
    """An absent value is internet-facing; a gateway load balancer is neither."""
    if r.none_of(("internal", is_true), IS_GATEWAY):
        yield f"internal is {shown_value(r.get('internal'), False)}"


@rule("lb-drop-invalid-headers", "set dropInvalidHeaderFields to true")
def headers_dropped(r: Reader) -> Iterator[str]:
    """An absent value is false."""
    if r.none_of(("dropInvalidHeaderFields", is_true), READS_NO_HEADERS):
        yield f"dropInvalidHeaderFields is {shown_value(r.get('dropInvalidHeaderFields'), False)}"


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
    if r.none_of(("accessLogs.enabled", is_true), IS_GATEWAY):
        yield f"accessLogs.enabled is {shown_value(r.get('accessLogs.enabled'), False)}"
    if r.none_of(("accessLogs.bucket", is_set), IS_GATEWAY):
        yield "accessLogs.bucket is not set"


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
