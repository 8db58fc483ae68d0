"""CloudTrail, CloudWatch logs, Config, GuardDuty, budgets."""

from collections.abc import Iterator

from policies.rules.instances import number
from policies.rules.jobs import present
from policies.rules.plain import Reader, Resource, is_set, shown_value
from policies.rules.registry import Stack, rule, stack_rule


@rule("trail-multi-region", "set isMultiRegionTrail to true")
def trail_regions(r: Reader) -> Iterator[str]:
    """An absent value is false."""
    yield from r.unless("isMultiRegionTrail", True, default=False)


rule("trail-kms", "set kmsKeyId to the log archive's key")(present("kmsKeyId"))


@rule("trail-log-validation", "set enableLogFileValidation to true")
def trail_validation(r: Reader) -> Iterator[str]:
    """An absent value is false."""
    yield from r.unless("enableLogFileValidation", True, default=False)


rule("trail-cloudwatch", "set cloudWatchLogsGroupArn and cloudWatchLogsRoleArn")(
    present("cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn")
)


@rule("trail-org", "set isOrganizationTrail to true in the management account")
def trail_organisation(r: Reader) -> Iterator[str]:
    """One trail for all accounts, which none of them can stop."""
    yield from r.unless("isOrganizationTrail", True, default=False)


@rule("loggroup-retention-set", "set retentionInDays")
def retention(r: Reader) -> Iterator[str]:
    """Absent and 0 are for ever."""
    for shown, days in r.each("retentionInDays"):
        if number(days) <= 0:
            yield f"{shown} is {shown_value(days, 0)}, so logs are kept for ever"


rule("loggroup-kms", "set kmsKeyId to the account's log key")(present("kmsKeyId"))


@rule("config-recorder-all", "set recordingGroup.allSupported and includeGlobalResourceTypes to true")
def recorder_all(r: Reader) -> Iterator[str]:
    """An absent group is all types but the global ones."""
    yield from r.unless("recordingGroup.allSupported", True, default=True)
    yield from r.unless("recordingGroup.includeGlobalResourceTypes", True, default=False)


@stack_rule("config-recorder-enabled", "add a RecorderStatus with isEnabled true")
def recorder_enabled(stack: Stack) -> Iterator[tuple[Resource, str]]:
    """A recorder that nobody started records nothing."""
    for recorder in stack.of("aws:cfg/recorder:Recorder"):
        found = stack.about(recorder, ["aws:cfg/recorderStatus:RecorderStatus"], "name")
        if found is not None and not stack.any_is(recorder, found, "isEnabled", True, "true"):
            yield recorder, "no RecorderStatus enables it"


@rule("guardduty-enabled", "leave enable out, or set it to true")
def guardduty(r: Reader) -> Iterator[str]:
    """An absent value is true."""
    yield from r.unless("enable", True, default=True)


@rule("budget-has-limit-and-notification", "set limitAmount and a notification with a subscriber")
def budget(r: Reader) -> Iterator[str]:
    """A budget that tells nobody is none; an auto-adjusting or a planned one has no fixed limit."""
    subscribers = (("subscriberEmailAddresses", is_set), ("subscriberSnsTopicArns", is_set))
    if all(each.none_of(*subscribers) for each in r.elements("notifications[]")) and not r.waits_for:
        yield "no notification has a subscriber"
    if r.none_of(
        ("limitAmount", lambda amount: number(amount) > 0), ("autoAdjustData", is_set), ("plannedLimits", is_set)
    ):
        yield f"limitAmount is {shown_value(r.get('limitAmount'))}"
