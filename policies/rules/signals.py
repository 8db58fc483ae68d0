"""What is recorded, how long it stays, and whom an alarm tells: CloudTrail and CloudWatch beyond the core."""

from collections.abc import Iterator
from typing import Final

from policies.rules.hardening import never
from policies.rules.instances import number
from policies.rules.jobs import present
from policies.rules.plain import Reader, shown_value
from policies.rules.registry import rule

OBJECTS: Final = "AWS::S3::Object"

rule("trail-eventdatastore-cmk", "set kmsKeyId to the log archive's key")(present("kmsKeyId"))


@rule("trail-data-events", f"select {OBJECTS} in eventSelectors or advancedEventSelectors, reads and writes")
def object_events(r: Reader) -> Iterator[str]:
    """Without them nobody can say who read an object. An absent readWriteType is All."""
    for selector in r.elements("eventSelectors[]"):
        types = [value for _, value in selector.each("dataResources[].type")]
        if OBJECTS in types and selector.get("readWriteType", "All") == "All":
            return
    for selector in r.elements("advancedEventSelectors[]"):
        fields = {field.get("field"): field for field in selector.elements("fieldSelectors[]")}
        types = [value for _, value in fields["resources.type"].each("equals[]")] if "resources.type" in fields else []
        if OBJECTS in types and "readOnly" not in fields:
            return
    if not r.waits_for:
        yield f"no selector records {OBJECTS}"


@rule(
    "loggroup-retention-1y",
    "set retentionInDays to minRetentionDays or more",
    settings={"minRetentionDays": 365},
)
def kept_a_year(r: Reader) -> Iterator[str]:
    """Intrusions are found months later. Absent and 0 are for ever, which is loggroup-retention-set's."""
    for shown, days in r.each("retentionInDays"):
        if 0 < number(days) < r.settings["minRetentionDays"]:
            yield f"{shown} is {shown_value(days)}, below minRetentionDays"


@rule("alarm-actions", "set alarmActions, and leave actionsEnabled out")
def tells_someone(r: Reader) -> Iterator[str]:
    """An alarm that tells nobody is a graph."""
    yield from never("actionsEnabled", False, "false")(r)
    yield from r.missing("alarmActions")
