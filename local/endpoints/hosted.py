"""The endpoints that run here, and how one comes up, changes and goes, beside the calls that are answered meanwhile."""

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from moto.sagemaker.models import sagemaker_backends

from local.endpoints.asynchronous import Queue
from local.endpoints.capture import Capture
from local.endpoints.choosing import choose
from local.endpoints.fleet import Fleet, Variant
from local.endpoints.server import NotServingError
from local.endpoints.shifting import Shift, tripped
from local.handlers.dispatch import LOCK
from local.handlers.operation import Call


@dataclass
class Hosted:
    """One endpoint at work."""

    call: Call
    """The call that made it: its account and region."""

    name: str
    fleets: list[Fleet] = field(default_factory=list)
    """One, or two while calls move from the one to the other."""

    capture: Capture | None = None
    queue: Queue | None = None
    """Of an asynchronous endpoint."""

    @property
    def record(self) -> Any:  # noqa: ANN401 - moto's class
        """What DescribeEndpoint shows; None: it is deleted."""
        return sagemaker_backends[self.call.account][self.call.region].endpoints.get(self.name)

    def turn(self) -> Variant:
        """Return the variant whose turn it is."""
        return choose(self.fleets).turn()

    def find(self, name: str) -> Variant | None:
        """Return the variant of that name."""
        return next((found for fleet in self.fleets if (found := fleet.find(name))), None)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What an endpoint is to become."""

    fleet: Fleet
    capture: Capture | None
    queue: Queue | None
    shown: dict[str, Any]
    """Attributes of moto's record once it is so."""

    shift: Shift


HOSTED: Final[dict[tuple[str, str, str], Hosted]] = {}
"""(account, region, name) → endpoint."""


def hosted(call: Call, name: str) -> Hosted | None:
    """Return the endpoint of that name that runs here."""
    return HOSTED.get((call.account, call.region, name))


def deploy(endpoint: Hosted, wanted: Wanted) -> None:
    """Let an endpoint become what is *wanted*, while its record says Creating or Updating."""
    HOSTED[endpoint.call.account, endpoint.call.region, endpoint.name] = endpoint
    threading.Thread(target=_deploy, args=(endpoint, wanted), daemon=True).start()


def _deploy(endpoint: Hosted, wanted: Wanted) -> None:
    old = [*endpoint.fleets]
    try:
        wanted.fleet.up()
        if old:
            _shift(endpoint, old[0], wanted)
    except Exception as error:  # noqa: BLE001 - whatever it is, somebody waits for a status
        with LOCK:
            endpoint.fleets = old
            for fleet in old:
                fleet.weight = 1.0
            _settle(endpoint, "InService" if old else "Failed", {"failure_reason": _reason(error)})
        wanted.fleet.close()
        return
    with LOCK:
        wanted.fleet.weight = 1.0
        capture, endpoint.capture = endpoint.capture, wanted.capture
        queue, endpoint.queue = endpoint.queue, wanted.queue
        endpoint.fleets = [wanted.fleet]
        _settle(endpoint, "InService", {"failure_reason": None, **wanted.shown})
    if queue:
        queue.close()
    _end(old, capture)


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, NotServingError) else f"{type(error).__name__}: {error}"


def _shift(endpoint: Hosted, blue: Fleet, wanted: Wanted) -> None:
    green = wanted.fleet
    for share in wanted.shift.shares:
        with LOCK:
            green.weight, blue.weight = share, 1 - share
            endpoint.fleets = [blue, green]
        if alarm := tripped(endpoint.call, wanted.shift):
            raise NotServingError(f"The deployment was rolled back: the alarm {alarm} is in the ALARM state.")


def _settle(endpoint: Hosted, status: str, shown: dict[str, Any]) -> None:
    record = endpoint.record
    if record is None:
        return
    record.endpoint_status, record.pending_deployment_summary = status, None
    record.last_modified_time = datetime.now(UTC).replace(tzinfo=None)
    for name, value in shown.items():
        setattr(record, name, value)


def _end(fleets: list[Fleet], capture: Capture | None) -> None:
    if capture:
        capture.flush()
    for fleet in fleets:
        fleet.close()


def forget(call: Call, name: str) -> None:
    """End an endpoint, once this call is answered."""
    endpoint = HOSTED.pop((call.account, call.region, name), None)
    if endpoint:
        if endpoint.queue:
            endpoint.queue.close(waiting=False)
        threading.Thread(target=_end, args=(endpoint.fleets, endpoint.capture), daemon=True).start()


def captures_to(bucket: str) -> list[Capture]:
    """Return the captures that write to *bucket*."""
    return [each.capture for each in HOSTED.values() if each.capture and each.capture.bucket == bucket]
