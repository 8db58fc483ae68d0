"""Policy packs that wait, imported, for the engine to ask for them: forked while the host still has one thread.

A process that runs threads, as one that serves gRPC does, can't be forked safely; so the packs are there before.
"""

import json
import os
import runpy
import selectors
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass
class WaitingPack:
    """A process that becomes the pack it is told to be, and ends with this one."""

    pid: int
    order: int
    """File descriptor; what is written there once says which pack. Closed unwritten: none."""
    out: int
    err: int
    ended: bool = False

    def run(self, words: Sequence[str], env: Mapping[str, str], folder: Path) -> Iterator[tuple[str, bytes]]:
        """Start the pack as `python -m pulumi.policy WORDS`; yield ("stdout" or "stderr", what it prints)."""
        order = json.dumps({"words": [*words], "env": dict(env), "folder": str(folder)})
        with os.fdopen(os.dup(self.order), "w") as file:
            file.write(f"{order}\n")
        with selectors.DefaultSelector() as ready:
            ready.register(self.out, selectors.EVENT_READ, "stdout")
            ready.register(self.err, selectors.EVENT_READ, "stderr")
            while ready.get_map():
                for key, _ in ready.select():
                    if data := os.read(key.fd, 1 << 16):
                        yield key.data, data
                    else:
                        ready.unregister(key.fd)

    def exit_code(self) -> int:
        """Wait for its end."""
        code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        self.ended = True
        return code

    def kill(self) -> None:
        """End it, unless it has ended: its id may be another's by now."""
        if not self.ended:
            os.kill(self.pid, signal.SIGKILL)


def waiting_pack() -> WaitingPack:
    """Fork one; to be called before this process has threads."""
    (told, order), (out, prints), (err, complains) = os.pipe(), os.pipe(), os.pipe()
    pid = os.fork()
    if pid:
        for end in (told, prints, complains):
            os.close(end)
        return WaitingPack(pid, order, out, err)
    try:
        os.dup2(prints, 1)
        os.dup2(complains, 2)
        for end in (order, out, err, prints, complains):
            os.close(end)
        _become(told)
    except SystemExit as error:
        os._exit(error.code if isinstance(error.code, int) else 1)
    except BaseException:  # noqa: BLE001 - nothing of the host may run on here
        sys.excepthook(*sys.exc_info())
        os._exit(1)
    os._exit(0)


def _become(told: int) -> None:
    """Wait for the order, and be that pack; end when the host has, which closes the other end."""
    file = os.fdopen(told)
    line = file.readline()
    if not line:
        return
    order = json.loads(line)
    os.environ.clear()
    os.environ.update(order["env"])
    os.chdir(order["folder"])
    sys.argv = ["pulumi.policy", *order["words"]]
    threading.Thread(target=lambda: (file.read(), os._exit(0)), daemon=True).start()
    runpy.run_module("pulumi.policy", run_name="__main__", alter_sys=True)
