"""Load balancers beyond the core: firewalls, request smuggling, what is behind them; network firewalls."""

from collections.abc import Iterator
from typing import Final

from policies.rules.hardening import never
from policies.rules.jobs import enabled
from policies.rules.load_balancers import READS_NO_HEADERS
from policies.rules.plain import Reader, Resource, is_set, is_true, shown_value
from policies.rules.registry import Stack, rule, stack_rule

LOAD_BALANCERS: Final = ("aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer")


@rule("lb-desync", "leave desyncMitigationMode out, or set it to strictest")
def desync(r: Reader) -> Iterator[str]:
    """An absent value is defensive."""
    if r.none_of(("desyncMitigationMode", lambda mode: mode != "monitor"), READS_NO_HEADERS):
        yield "desyncMitigationMode is monitor"


@rule("lb-cross-zone", "set enableCrossZoneLoadBalancing to true")
def across_zones(r: Reader) -> Iterator[str]:
    """An application load balancer always does; the others do not unless told."""
    path = "enableCrossZoneLoadBalancing"
    if r.none_of((path, is_true), ("loadBalancerType", lambda kind: kind not in ("network", "gateway"))):
        yield f"{path} is {shown_value(r.get(path), False)}"


@rule("lb-targetgroup", "set protocol and healthCheck.protocol to HTTPS, and leave healthCheck.enabled out")
def targets(r: Reader) -> Iterator[str]:
    """From the load balancer to the target is a network too. A health check that names no protocol asks by HTTP.

    A function is called, not connected to, and a health check of it is a paid call.
    Source: pulumi_aws 7.21.0, TargetGroupHealthCheck.protocol.
    """
    function = ("targetType", lambda kind: kind == "lambda")
    asks = "healthCheck.protocol"
    if r.none_of(("protocol", lambda protocol: protocol != "HTTP"), function):
        yield "protocol is HTTP"
    if r.none_of(
        ("healthCheck", lambda check: not is_set(check)), (asks, lambda by: by not in (None, "HTTP")), function
    ):
        yield f"{asks} is {shown_value(r.get(asks), 'HTTP')}"
    if r.none_of(("healthCheck.enabled", lambda on: on not in (False, "false")), function):
        yield "healthCheck.enabled is false"


@stack_rule("lb-waf", "add a WebAclAssociation")
def behind_firewall(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """Only an application load balancer on the internet has use for one."""
    for balancer in stack.of(*LOAD_BALANCERS):
        reader = Reader(balancer, stack.settings)
        kinds = [value for _, value in reader.each("loadBalancerType")]
        internal = [value for _, value in reader.each("internal")]
        if kinds in (["network"], ["gateway"]) or internal in ([True], ["true"]):
            continue
        if stack.lacks(balancer, ["aws:wafv2/webAclAssociation:WebAclAssociation"], "resourceArn"):
            if not reader.waits_for:
                yield balancer, "no WebAclAssociation is for this load balancer"
            stack.waits_for.extend((balancer, path) for path in reader.waits_for)


@rule("elb-classic", "use an application or network load balancer")
def classic(r: Reader) -> Iterator[str]:
    """What one must at least do: TLS with a certificate, logs, all zones."""
    for listener in r.elements("listeners[]"):
        yield from listener.unless("lbProtocol", "https", "ssl", "HTTPS", "SSL")
        yield from listener.missing("sslCertificateId")
    yield from r.missing("accessLogs.bucket")
    yield from never("accessLogs.enabled", False, "false")(r)
    yield from never("crossZoneLoadBalancing", False, "false")(r)


@stack_rule(
    "netfw-protections", "protect the firewall, log it, encrypt it with the account's key, and let nothing pass"
)
def network_firewall(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """The firewall and its policy; aws:pass lets what no rule names through unseen."""
    logging = ["aws:networkfirewall/loggingConfiguration:LoggingConfiguration"]
    for firewall in stack.of("aws:networkfirewall/firewall:Firewall"):
        reader = Reader(firewall, stack.settings)
        faults = [*enabled("deleteProtection")(reader), *_own_key(reader)]
        stack.waits_for.extend((firewall, path) for path in reader.waits_for)
        if stack.lacks(firewall, logging, "firewallArn"):
            faults.append("no LoggingConfiguration is for this firewall")
        yield from ((firewall, fault) for fault in faults)
    for policy in stack.of("aws:networkfirewall/firewallPolicy:FirewallPolicy"):
        reader = Reader(policy, stack.settings)
        faults = [*_own_key(reader), *_passes(reader)]
        stack.waits_for.extend((policy, path) for path in reader.waits_for)
        yield from ((policy, fault) for fault in faults)


def _own_key(r: Reader) -> Iterator[str]:
    yield from r.unless("encryptionConfiguration.type", "CUSTOMER_KMS", default="AWS_OWNED_KMS_KEY")


def _passes(r: Reader) -> Iterator[str]:
    for name in ("statelessDefaultActions", "statelessFragmentDefaultActions"):
        for shown, action in r.each(f"firewallPolicy.{name}[]"):
            if action == "aws:pass":
                yield f"{shown} is {shown_value(action)}"
    groups = [v for kind in ("stateful", "stateless") for _, v in r.each(f"firewallPolicy.{kind}RuleGroupReferences")]
    if not any(is_set(value) for value in groups) and not r.waits_for:
        yield "firewallPolicy has no rule group"
