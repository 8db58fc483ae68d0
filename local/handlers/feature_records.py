"""Feature Store's records: the online store keeps the latest of each, by event time; the offline store keeps all.

What the offline store's files look like is in local/offline/store.py. How a value that is no number is refused is not
documented.
Source: Feature Store Runtime API reference, PutRecord, GetRecord, DeleteRecord and BatchGetRecord, read 2026-11-29.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from local.handlers.operation import Call, Refusal, operation, requires
from local.handlers.records import STORES, Record
from local.offline import store
from local.offline.event_time import moment

SERVICE: Final = "sagemaker-featurestore-runtime"

_Latest = dict[tuple[str, str], dict[str, str]]
_RECORDS: Final[dict[tuple[str, str], _Latest]] = {}
"""(account, region) → (feature group, record's identifier) → feature → value."""


def group_of(call: Call, name: str, *, online: bool = True) -> Record:
    """Return the feature group of a request, by name or ARN; *online*: its online store is asked for.

    Raises:
        Refusal: there is none, or it has no online store.
    """
    account = name.split(":")[4] if name.startswith("arn:") else call.account
    short = name.rsplit("/", maxsplit=1)[-1].lower()
    groups = STORES.get(("sagemaker", "FeatureGroup", account, call.region), {})
    found = next((group for (key,), group in groups.items() if key.lower() == short), None)
    if found is None:
        raise Refusal("ResourceNotFound", f"FeatureGroup [{name}] not found.")
    if online and not found.get("OnlineStoreConfig"):
        raise Refusal("ValidationError", f"FeatureGroup [{name}] does not have an online store.")
    return found


def kept(call: Call, group: Record) -> _Latest:
    """The records next to a feature group."""
    return _RECORDS.setdefault((str(group["FeatureGroupArn"]).split(":")[4], call.region), {})


def forget(call: Call, group: Record) -> None:
    """Drop the records of a group that is deleted, but for its offline store's.

    Source: SageMaker API Reference, DeleteFeatureGroup, read 2026-11-30.
    """
    name = group["FeatureGroupName"]
    if group.get("OfflineStoreConfig"):
        store.leave(group)
    records = _RECORDS.get((call.account, call.region), {})
    for key in [key for key in records if key[0] == name]:
        del records[key]


@operation(SERVICE, "PutRecord")
def put_record(call: Call) -> Record:
    """Keep a record; online unless a later one is there."""
    group = group_of(call, call.params["FeatureGroupName"], online=False)
    given = {feature["FeatureName"]: feature.get("ValueAsString", "") for feature in call.params["Record"]}
    types = {definition["FeatureName"]: definition["FeatureType"] for definition in group["FeatureDefinitions"]}
    for name, value in given.items():
        if name not in types:
            raise Refusal("ValidationError", f"FeatureName [{name}] is not defined in the feature group.")
        if not _fits(value, types[name]):
            raise Refusal("ValidationError", f"Failed to parse value [{value}] of feature [{name}] as {types[name]}.")
    for required in (group["RecordIdentifierFeatureName"], group["EventTimeFeatureName"]):
        if not given.get(required):
            raise Refusal("ValidationError", f"Missing required feature: [{required}].")
    _event_time(group, given)
    if _into(call, group, "OnlineStore"):
        _keep(call, group, given)
    if _into(call, group, "OfflineStore"):
        store.note(call, group, given, deleted=False)
    return {}


@operation(SERVICE, "BatchWriteRecord")
def batch_write_record(call: Call) -> Record:
    """Keep records of several feature groups; what is wrong with one keeps no other back."""
    errors = []
    for entry in call.params["Entries"]:
        try:
            put_record(replace(call, params=entry))
        except Refusal as refusal:
            errors.append({"Entry": entry, "ErrorCode": refusal.code, "ErrorMessage": refusal.message})
    return {"Errors": errors, "UnprocessedEntries": []}


@operation(SERVICE, "DeleteRecord")
def delete_record(call: Call) -> Record:
    """Take a record out of the online store, unless a later one is there; the offline store is told of it."""
    group = group_of(call, call.params["FeatureGroupName"], online=False)
    identifier = call.params["RecordIdentifierValueAsString"]
    told = {
        group["RecordIdentifierFeatureName"]: identifier,
        group["EventTimeFeatureName"]: call.params["EventTime"],
    }
    when = _event_time(group, told)
    key = (group["FeatureGroupName"], identifier)
    old = kept(call, group).get(key, {})
    if _into(call, group, "OnlineStore") and old and when >= _event_time(group, old):
        del kept(call, group)[key]
    if _into(call, group, "OfflineStore"):
        store.note(call, group, told, deleted=True)
    return {}


@operation(SERVICE, "GetRecord")
def get_record(call: Call) -> Record:
    """Return a record, or of it the features asked for; nothing where there is none."""
    group = group_of(call, call.params["FeatureGroupName"])
    found = _shown(call, group, call.params["RecordIdentifierValueAsString"], call.params.get("FeatureNames"))
    return {"Record": found} if found else {}


@operation(SERVICE, "BatchGetRecord")
def batch_get_record(call: Call) -> Record:
    """Return records of several feature groups."""
    records = []
    for wanted in call.params["Identifiers"]:
        one = replace(call, params=wanted)
        group = group_of(one, wanted["FeatureGroupName"])
        for identifier in wanted["RecordIdentifiersValueAsString"]:
            found = _shown(one, group, identifier, wanted.get("FeatureNames"))
            if found:
                name = wanted["FeatureGroupName"]
                records.append({"FeatureGroupName": name, "RecordIdentifierValueAsString": identifier, "Record": found})
    return {"Records": records, "Errors": [], "UnprocessedIdentifiers": []}


def _into(call: Call, group: Record, where: str) -> bool:
    """Whether a call is for one of the group's stores; it names them, or means all."""
    return bool(group.get(f"{where}Config")) and where in (call.params.get("TargetStores") or [where])


def _fits(value: str, type_: str) -> bool:
    try:
        return not value or type_ == "String" or (int if type_ == "Integral" else float)(value) is not None
    except ValueError:
        return False


def _event_time(group: Record, given: Mapping[str, str]) -> datetime:
    """When a record was true.

    Raises:
        Refusal: its event time says no time.
    """
    value = given[group["EventTimeFeatureName"]]
    try:
        return moment(value)
    except ValueError:
        raise Refusal("ValidationError", f"Invalid event time [{value}].") from None


def _keep(call: Call, group: Record, given: dict[str, str]) -> None:
    key = (group["FeatureGroupName"], given[group["RecordIdentifierFeatureName"]])
    old = kept(call, group).get(key)
    if old is None or _event_time(group, given) >= _event_time(group, old):
        kept(call, group)[key] = given


def _shown(call: Call, group: Record, identifier: str, wanted: Iterable[str] | None) -> list[dict[str, str]]:
    record = kept(call, group).get((group["FeatureGroupName"], identifier), {})
    names = set(wanted) if wanted else set(record)
    return [{"FeatureName": name, "ValueAsString": value} for name, value in record.items() if name in names]


@requires("s3", "GetObject", "HeadObject", "ListObjects", "ListObjectsV2", "ListObjectVersions")
def looked_at(call: Call) -> None:
    """Whoever looks into a bucket finds what offline stores keep there."""
    store.write_down(call.params["Bucket"])
