"""Control Tower: its landing zone and the controls on units, as far as somebody reads them.

An organisation that has none lists none. Source: Control Tower API Reference, ListLandingZones, GetLandingZone and
ListEnabledControls, read 2026-11-30.
"""

from collections.abc import Mapping
from typing import Any

from local.handlers.accounts import KNOWN
from local.handlers.operation import Call, operation


def _tower() -> Mapping[str, Any]:
    tower: Mapping[str, Any] = KNOWN.existing.get("control_tower", {})
    return tower


def _here(call: Call) -> bool:
    return bool(_tower()) and call.region == _tower()["region"] and call.account == KNOWN.management_account


def _arn() -> str:
    return f"arn:aws:controltower:{_tower()['region']}:{KNOWN.management_account}:landingzone/1A2B3C4D5E6F7G8H"


@operation("controltower", "ListLandingZones")
def landing_zones(call: Call) -> Mapping[str, Any]:
    """List it, in its home region."""
    return {"landingZones": [{"arn": _arn()}] if _here(call) else []}


@operation("controltower", "GetLandingZone")
def landing_zone(_call: Call) -> Mapping[str, Any]:
    """Tell its version and state."""
    return {
        "landingZone": {"arn": _arn(), "version": _tower()["version"], "status": "ACTIVE", "manifest": {}},
    }


@operation("controltower", "ListEnabledControls")
def controls(call: Call) -> Mapping[str, Any]:
    """List what is enabled on a unit, by the unit's ARN."""
    unit = call.params.get("targetIdentifier", "").rpartition("/")[2]
    names = {_id: path for path, _id in KNOWN.existing.get("units", {}).items()}
    region = call.region
    found = _tower().get("controls", {}).get(names.get(unit, ""), ()) if _here(call) else ()
    return {
        "enabledControls": [
            {"controlIdentifier": f"arn:aws:controltower:{region}::control/{name}", "targetIdentifier": unit}
            for name in found
        ]
    }
