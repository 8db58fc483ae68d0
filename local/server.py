"""The process of the emulated AWS: `python -m local.server FOLDER`. Started by local.cloud, never by hand.

It writes FOLDER/cloud.json once it answers, and ends when that file is gone or another's, when its parent
ends (--with-parent, in a fork of it), or after IDLE_SECONDS without a call.
"""

import argparse
import json
import logging
import os
import secrets
import shutil
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from functools import cache
from multiprocessing import parent_process
from pathlib import Path
from typing import Any

from moto.moto_api._internal import mock_random
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from checks.access.catalog import services
from local.apis.front import HttpApis
from local.authority.gate import Gate
from local.authority.sessions import NotTrustedError, session
from local.authority.young import YOUNG
from local.faults import Faults
from local.handlers import install
from local.handlers.accounts import KNOWN
from local.handlers.cbor import Cbor
from local.handlers.dispatch import Application, Dispatch, Environ, StartResponse, services_by_signing_name
from local.handlers.existing import found
from local.handlers.here import HERE
from local.handlers.own_certificates import hold
from local.handlers.package_index import PackageIndex
from local.handlers.portal import NotAssignedError, portal_session
from local.handlers.remembered import aws_policies
from local.offline.rights import RIGHTS
from local.schedules import arrivals
from local.schedules.fire import fire
from local.spark import events
from local.tracking.front import Tracking

IDLE_SECONDS = 8 * 3600
CONTROL = "/mlz-cloud/"


class Server:
    """Answers the calls of local.cloud itself, hands the others on, and knows when the last one came."""

    def __init__(self, app: Application, cloud_id: str, gate: Gate) -> None:
        self.app = app
        self.gate = gate
        self.cloud_id = cloud_id
        self.last_call = time.monotonic()

    def __call__(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        self.last_call = time.monotonic()
        path = environ.get("PATH_INFO", "")
        if not path.startswith(CONTROL):
            return self.app(environ, start)
        given = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)) or b"null")
        body = json.dumps(self._answer(path.removeprefix(CONTROL), given), default=str).encode()
        start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    def _answer(self, asked: str, given: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        if asked == "authority":
            return self.gate.report()
        if asked == "journal":
            return {"calls": [*self.gate.journal]}
        if asked in {"session", "portal"}:
            try:
                return session(**given) if asked == "session" else portal_session(**given)
            except (NotTrustedError, NotAssignedError) as error:
                return {"refused": str(error)}
        if asked == "fire":
            return fire(given["schedule"])
        if asked == "accounts":
            KNOWN.accounts.update(given)
        if asked == "declared":
            KNOWN.quotas, KNOWN.users, KNOWN.groups = given["quotas"], given["users"], given["groups"]
            hold(given["certificates"])
        return {"id": self.cloud_id, **asdict(KNOWN)}


@cache
def prepare() -> None:
    """Make moto the emulated AWS, and read what every call needs: what forks of one process may share."""
    install()
    arrivals.install()
    events.install()
    services_by_signing_name()
    services()
    aws_policies("aws")


def main(words: Sequence[str] | None = None) -> None:
    """Serve until nobody needs it."""
    mock_random.seed()  # forks of one process would all give the same ids
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--with-parent", action="store_true")
    parser.add_argument("--identities", type=json.loads, default={})
    parser.add_argument("--faults", type=Faults.parse, default=None)
    options = parser.parse_args(words)
    for name, value in options.identities.items():
        setattr(KNOWN, name, value)
    prepare()
    found(KNOWN.existing)
    hold(KNOWN.certificates)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    gate = Gate()
    RIGHTS.ask = gate.further
    dispatch: Application = Cbor(Dispatch(DomainDispatcherApplication(create_backend_app), gate))
    if options.faults:
        YOUNG.calls = options.faults.late
        dispatch = options.faults.around(dispatch)
    server = Server(HttpApis(Tracking(PackageIndex(dispatch, gate), gate), gate), secrets.token_hex(4), gate)
    http = make_server("127.0.0.1", 0, server, threaded=True, request_handler=_Handler)
    HERE.address, HERE.folder = f"http://127.0.0.1:{http.port}", options.folder.resolve() / "containers"
    shutil.rmtree(HERE.folder, ignore_errors=True)  # of a cloud before this one that was killed
    record = {"id": server.cloud_id, "port": http.port, "pid": os.getpid()}
    file = options.folder / "cloud.json"
    partial = options.folder / f".cloud.json.{os.getpid()}"
    partial.write_text(json.dumps(record))
    partial.rename(file)
    threading.Thread(target=_watch, args=(file, record, server), daemon=True).start()
    if options.with_parent:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    http.serve_forever()


class _Handler(MotoRequestHandler):
    """Keeps connections open: a run makes thousands of calls."""

    protocol_version = "HTTP/1.1"

    def log_request(self, *_: Any) -> None:  # noqa: ANN401 - the base class's signature
        """Say nothing: the engine's own log names every failed call."""


def _end_with_parent() -> None:
    """End once the process that asked for this fork is gone, however it went."""
    if parent := parent_process():
        parent.join()
    os._exit(0)


def _watch(file: Path, record: dict[str, Any], server: Server) -> None:
    """End once the state folder is gone, belongs to another cloud, or nobody has called for long."""
    while True:
        time.sleep(2)
        try:
            ours = json.loads(file.read_text()) == record
        except (OSError, ValueError):
            ours = False
        if not ours or time.monotonic() - server.last_call > IDLE_SECONDS:
            os._exit(0)


if __name__ == "__main__":
    main()
