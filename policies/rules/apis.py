"""API Gateway beyond the core."""

import re
from collections.abc import Iterator
from typing import Final

from policies.rules._documents import as_list
from policies.rules.hardening import TRUE, only
from policies.rules.jobs import present
from policies.rules.plain import Reader, Resource, has_unknown, shown_value
from policies.rules.registry import Stack, rule, stack_rule

REST_API: Final = "aws:apigateway/restApi:RestApi"
STAGE: Final = "aws:apigateway/stage:Stage"
ASSOCIATION: Final = "aws:wafv2/webAclAssociation:WebAclAssociation"

# Source: Amazon API Gateway Developer Guide, "Security policies", default TLS_1_2 for every kind of custom domain (as
# aquasecurity/trivy pull request 11124 repeats it), and SecurityPolicy of botocore's model; read 2026-11-21
_TLS12: Final = re.compile(r"^(TLS_1_2$|SecurityPolicy_TLS1[23]_)")

rule("apigw-xray", "set xrayTracingEnabled to true")(only("xrayTracingEnabled", True, default=False))
rule("apigw-client-cert", "set clientCertificateId")(present("clientCertificateId"))


@rule("apigw-method-settings-logging", "set settings.loggingLevel to ERROR and settings.metricsEnabled to true")
def execution_logs(r: Reader) -> Iterator[str]:
    """Both are off where nothing is said."""
    yield from r.unless("settings.loggingLevel", "ERROR", "INFO", default="OFF")
    yield from r.unless("settings.metricsEnabled", True, default=False)


@rule("apigw-cache-encrypted", "set settings.cacheDataEncrypted to true")
def cache_encrypted(r: Reader) -> Iterator[str]:
    """Only where answers are cached."""
    if r.get("settings.cachingEnabled") in TRUE:
        yield from r.unless("settings.cacheDataEncrypted", True, default=False)


@rule("apigw-domain-tls", "leave securityPolicy out, or set it to TLS_1_2")
def domain_tls(r: Reader) -> Iterator[str]:
    """REST domains have it on top, HTTP ones in their configuration; other tools take an absent value for TLS 1.0."""
    http = r.resource.type.startswith("aws:apigatewayv2/")
    for shown, policy in r.each("domainNameConfiguration.securityPolicy" if http else "securityPolicy"):
        if policy is not None and not _TLS12.match(str(policy)):
            yield f"{shown} is {policy}"


@rule("apigw-private-endpoint", "set endpointConfiguration.types to PRIVATE")
def private(r: Reader) -> Iterator[str]:
    """An absent value is EDGE: reachable from the internet. One text today, a list in older versions."""
    for shown, types in r.each("endpointConfiguration.types"):
        if has_unknown(types):
            r.waits_for.append(shown)
        elif as_list(types) != ["PRIVATE"]:
            yield f"{shown} is {shown_value(types, 'EDGE')}"


@rule("apigw-request-validation", "set requestValidatorId")
def validated(r: Reader) -> Iterator[str]:
    """OPTIONS has nothing to validate."""
    if str(r.get("httpMethod")).upper() != "OPTIONS":
        yield from r.missing("requestValidatorId")


@stack_rule("apigw-waf", "add a WebAclAssociation for the stage, or make the API PRIVATE")
def firewall(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """A private API is reached through an endpoint, whose policy says by whom."""
    for stage in stack.of(STAGE):
        if stack.about(stage, [ASSOCIATION], "resourceArn") == [] and not _may_be_private(stack, stage):
            yield stage, "no WebAclAssociation is for this stage"


def _may_be_private(stack: Stack, stage: Resource) -> bool:
    """Whether the stage's API is private, or nobody can say yet, which is then noted."""
    for api in stack.of(REST_API):
        mine = stack.about(api, [STAGE], "restApi")
        if mine is None:
            return True
        if stage in mine and stack.any_is(stage, [api], "endpointConfiguration.types", "PRIVATE", ["PRIVATE"]):
            return True
    return False
