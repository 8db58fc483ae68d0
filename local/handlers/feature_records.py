"""Feature Store's records: the online store keeps the latest of each, by event time.

The offline store's files are not written: who may read them is decided, what stands in them is not emulated.
Source: Feature Store Runtime API reference, PutRecord, GetRecord, DeleteRecord and BatchGetRecord, read 2026-11-29.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from local.handlers.operation import Call, Refusal, operation
from local.handlers.records import STORES, Record

SERVICE: Final = "sagemaker-featurestore-runtime"

_Latest = dict[tuple[str, str], dict[str, str]]
_RECORDS: Final[dict[tuple[str, str], _Latest]] = {}
"""(account, region) → (feature group, record's identifier) → feature → value."""


def group_of(call: Call, name: str) -> Record:
    """Return the feature group of a request, by name or ARN; its online store is asked for.

    Raises:
        Refusal: there is none, or it has no online store.
    """
    account = name.split(":")[4] if name.startswith("arn:") else call.account
    short = name.rsplit("/", maxsplit=1)[-1].lower()
    groups = STORES.get(("sagemaker", "FeatureGroup", account, call.region), {})
    found = next((group for (key,), group in groups.items() if key.lower() == short), None)
    if found is None:
        raise Refusal("ResourceNotFound", f"FeatureGroup [{name}] not found.")
    if not found.get("OnlineStoreConfig"):
        raise Refusal("ValidationError", f"FeatureGroup [{name}] does not have an online store.")
    return found


def kept(call: Call, group: Record) -> _Latest:
    """The records next to a feature group."""
    return _RECORDS.setdefault((str(group["FeatureGroupArn"]).split(":")[4], call.region), {})


def forget(call: Call, name: str) -> None:
    """Drop the records of a group that is deleted (SageMaker API Reference, DeleteFeatureGroup, read 2026-11-30)."""
    records = _RECORDS.get((call.account, call.region), {})
    for key in [key for key in records if key[0] == name]:
        del records[key]


@operation(SERVICE, "PutRecord")
def put_record(call: Call) -> Record:
    """Keep a record, unless a later one is there."""
    group = group_of(call, call.params["FeatureGroupName"])
    given = {feature["FeatureName"]: feature.get("ValueAsString", "") for feature in call.params["Record"]}
    known = {definition["FeatureName"] for definition in group["FeatureDefinitions"]}
    for name in given:
        if name not in known:
            raise Refusal("ValidationError", f"FeatureName [{name}] is not defined in the feature group.")
    for required in (group["RecordIdentifierFeatureName"], group["EventTimeFeatureName"]):
        if not given.get(required):
            raise Refusal("ValidationError", f"Missing required feature: [{required}].")
    _keep(call, group, given)
    return {}


@operation(SERVICE, "DeleteRecord")
def delete_record(call: Call) -> Record:
    """Take a record out of the online store, unless a later one is there."""
    group = group_of(call, call.params["FeatureGroupName"])
    key = (group["FeatureGroupName"], call.params["RecordIdentifierValueAsString"])
    old = kept(call, group).get(key, {})
    if old and call.params["EventTime"] >= old[group["EventTimeFeatureName"]]:
        del kept(call, group)[key]
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


def _keep(call: Call, group: Mapping[str, Any], given: dict[str, str]) -> None:
    key = (group["FeatureGroupName"], given[group["RecordIdentifierFeatureName"]])
    time = group["EventTimeFeatureName"]
    old = kept(call, dict(group)).get(key)
    if old is None or given[time] >= old[time]:
        kept(call, dict(group))[key] = given


def _shown(call: Call, group: Record, identifier: str, wanted: Iterable[str] | None) -> list[dict[str, str]]:
    record = kept(call, group).get((group["FeatureGroupName"], identifier), {})
    names = set(wanted) if wanted else set(record)
    return [{"FeatureName": name, "ValueAsString": value} for name, value in record.items() if name in names]
