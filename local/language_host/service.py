"""Pulumi's LanguageRuntime service for one run of the engine: runs the program here, and the packs in a fork.

What a host must answer is written in the SDK's pulumi/runtime/proto/language_pb2.pyi; its own host for inline programs
(pulumi.automation._server) is the model for how a program is run.
"""

import asyncio
import logging
import os
import runpy
import sys
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import grpc
from pulumi import RunError, log
from pulumi.runtime import reset_options, run_in_stack, set_all_config
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

from local.language_host.packs import WaitingPack

_UNLIMITED: Final = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


class LanguageRuntime(language_pb2_grpc.LanguageRuntimeServicer):
    """The service, and the server of it."""

    port: int

    def __init__(self, packs: Sequence[WaitingPack]) -> None:
        self._engine = ""
        self._packs, self._running = [*packs], list[WaitingPack]()
        self._server = grpc.server(ThreadPoolExecutor(8), options=_UNLIMITED)
        language_pb2_grpc.add_LanguageRuntimeServicer_to_server(self, self._server)
        self.port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()

    def stop(self) -> None:
        """End the packs."""
        for pack in (*self._packs, *self._running):
            pack.kill()

    def Handshake(self, request: Any, _context: Any) -> Any:  # noqa: ANN401, N802 - as gRPC names and types it
        """Learn where the engine is."""
        self._engine = request.engine_address
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, _request: Any, _context: Any) -> Any:  # noqa: ANN401, N802 - as above
        """Say nothing of us."""
        return plugin_pb2.PluginInfo()

    def GetRequiredPackages(self, _request: Any, _context: Any) -> Any:  # noqa: ANN401, N802 - as above
        """Name none: each registration says its provider's version, and find_engine has put that in place."""
        return language_pb2.GetRequiredPackagesResponse()

    def Run(self, request: Any, _context: Any) -> Any:  # noqa: ANN401, N802 - as above
        """Run the program, and say what is wrong with it once, as an error of the stack."""
        said = _run(request, self._engine)
        if said is None:
            return language_pb2.RunResponse()
        if said:
            log.error(said)
        return language_pb2.RunResponse(bail=True)

    def RunPlugin(self, request: Any, context: Any) -> Iterator[Any]:  # noqa: ANN401, N802 - as above
        """Let a waiting pack be the one that is asked for, and pass on what it prints: the first line is its port."""
        folder = request.info.program_directory
        pack = self._packs.pop()
        self._running.append(pack)
        context.add_callback(pack.kill)
        env = dict(entry.split("=", 1) for entry in request.env) or os.environ
        for name, data in pack.run([*request.args, folder], env, Path(request.pwd or folder)):
            answer = language_pb2.RunPluginResponse()
            setattr(answer, name, data)
            yield answer
        yield language_pb2.RunPluginResponse(exitcode=pack.exit_code())


def _run(request: Any, engine: str) -> str | None:  # noqa: ANN401 - gRPC ships no types
    """Run the program; return what is wrong with it, empty where that was said already, or None."""
    folder = request.info.program_directory
    sys.path[0], sys.argv = folder, [folder, *request.args]
    os.chdir(request.pwd)
    reset_options(
        project=request.project,
        stack=request.stack,
        organization=request.organization or "organization",
        root_directory=request.info.root_directory,
        parallel=request.parallel,
        preview=request.dryRun,
        monitor_address=request.monitor_address,
        engine_address=engine,
    )
    set_all_config(dict(request.config), [*request.configSecretKeys])
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # what fails is said below
    log.debug = _unsaid
    loop = asyncio.new_event_loop()
    # A registration holds its thread until the engine answers.
    loop.set_default_executor(ThreadPoolExecutor(max(request.parallel, 1) * 4))

    def program() -> None:
        runpy.run_path(folder, run_name="__main__")

    try:
        loop.run_until_complete(run_in_stack(program))
    except RunError as error:
        return str(error)
    except grpc.RpcError as error:
        gone = error.code() == grpc.StatusCode.UNAVAILABLE  # the engine has ended, and said why
        return "" if gone else f"RPC error: {error.details()}"
    except BaseException as error:  # noqa: BLE001 - also what would end a process
        return f"Program failed with an unhandled exception:\n{_from(folder, error)}"
    return None


def _unsaid(*_: object, **__: object) -> None:
    """Say nothing: the SDK tells the engine five things a resource that only `pulumi --debug` shows, each in a call."""


def _from(folder: str, error: BaseException) -> str:
    """Format the traceback of *error* without what is above the program: this module and the SDK's loop."""
    said = traceback.TracebackException.from_exception(error)
    places = [place for place, frame in enumerate(said.stack) if frame.filename.startswith(folder)]
    own = [place for place in places if said.stack[place].filename != __file__]
    said.stack = traceback.StackSummary.from_list(said.stack[own[0] if own else 0 :])
    return "".join(said.format())
