"""GuardDuty, Security Hub, Macie and Config beyond the core."""

from collections.abc import Iterator
from typing import Final

from policies.rules.hardening import only
from policies.rules.jobs import present
from policies.rules.plain import Reader, Resource
from policies.rules.registry import Stack, rule, stack_rule

# Source: Security Hub user guide, controls GuardDuty.5 to GuardDuty.13, in DetectorFeature of botocore's model
FEATURES: Final = (
    *("S3_DATA_EVENTS", "EKS_AUDIT_LOGS", "RDS_LOGIN_EVENTS", "LAMBDA_NETWORK_LOGS"),
    *("EBS_MALWARE_PROTECTION", "RUNTIME_MONITORING"),
)

rule("config-delivery-kms", "set s3KmsKeyArn to the log archive's key")(present("s3KmsKeyArn"))
rule("guardduty-org-auto-enable", "set autoEnableOrganizationMembers to ALL")(
    only("autoEnableOrganizationMembers", "ALL", "NEW")
)
rule("guardduty-publish-frequency", "set findingPublishingFrequency to FIFTEEN_MINUTES")(
    only("findingPublishingFrequency", "FIFTEEN_MINUTES", default="SIX_HOURS")
)
rule("macie-enabled", "leave status out, or set it to ENABLED")(only("status", "ENABLED", default="ENABLED"))


@rule("config-aggregator-all-regions", "set allRegions to true")
def every_region(r: Reader) -> Iterator[str]:
    """A region nobody looks at is where an attacker goes."""
    for path in ("accountAggregationSource", "organizationAggregationSource"):
        for source in r.elements(path):
            yield from source.unless("allRegions", True, default=False)


@rule("guardduty-features", "set status to ENABLED")
def features(r: Reader) -> Iterator[str]:
    """Of a feature the stack speaks of; what it does not mention is as the organisation's administrator set it."""
    if r.get("name") in FEATURES:
        yield from r.unless("status", "ENABLED")


@stack_rule("securityhub-enabled", "leave enableDefaultStandards out, or add a StandardsSubscription")
def standards(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """Without a standard Security Hub checks nothing. An absent value subscribes to AWS's own."""
    subscribed = any(stack.of("aws:securityhub/standardsSubscription:StandardsSubscription"))
    for account in stack.of("aws:securityhub/account:Account"):
        if not subscribed and False in stack.known(account, account, "enableDefaultStandards"):
            yield account, "enableDefaultStandards is false and no StandardsSubscription is in the stack"
