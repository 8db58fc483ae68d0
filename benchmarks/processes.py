"""What the processes of a command cost: CPU seconds and memory by kind, read from /proc while they run."""

import os
import threading
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Self

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
INTERVAL = 0.1
"""Between two looks [s]; a process loses at most that much of its end."""


class Watch:
    """Sum up all descendants of this process for the length of a block; memory without the emulated AWS."""

    def __init__(self) -> None:
        self.peak_bytes = 0
        self._seen: dict[int, tuple[str, float]] = {}
        self._before: dict[int, tuple[str, float]] = {}
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)

    def __enter__(self) -> Self:
        self._look()
        self._before = dict(self._seen)
        self.peak_bytes = 0
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._done.set()
        self._thread.join()
        self._look()

    @property
    def cpu(self) -> dict[str, float]:
        """CPU seconds (user and system) by kind."""
        spent: Counter[str] = Counter()
        for pid, (kind, seconds) in self._seen.items():
            spent[kind] += seconds - self._before.get(pid, (kind, 0.0))[1]
        return {kind: round(seconds, 1) for kind, seconds in spent.most_common() if seconds >= 0.05}

    def _follow(self) -> None:
        while not self._done.wait(INTERVAL):
            self._look()

    def _look(self) -> None:
        processes = {}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                stat = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                command = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
            except OSError:
                continue
            processes[int(entry.name)] = (int(stat[1]), (int(stat[11]) + int(stat[12])) / TICK, int(stat[21]), command)
        ours = {os.getpid()}
        grown = True
        while grown:
            found = {pid for pid, (parent, *_) in processes.items() if parent in ours} - ours
            ours |= found
            grown = bool(found)
        memory = 0
        for pid in ours - {os.getpid()}:
            if pid in processes:
                _, cpu, pages, command = processes[pid]  # a process has the kind it has at its end: after exec
                # One that has ended and waits to be read has lost its arguments.
                kind = kind_of(command) if command[0] else self._seen.get(pid, ("other",))[0]
                self._seen[pid] = (kind, cpu)
                memory += pages * PAGE if kind != "cloud" else 0
        self.peak_bytes = max(self.peak_bytes, memory)


def kind_of(command: list[str]) -> str:
    """What a process is, by its arguments."""
    started = command[0]
    if Path(started).name == "pulumi":
        return "engine"
    if "/policies/" in started:  # a pack runs in the virtual environment as its folder sees it
        return "packs"
    if Path(started).name == "pulumi-resource-aws":
        return "aws provider"
    if "local.server" in command:
        return "cloud"
    return "program" if any("pulumi-language-python" in part for part in command) else "other"
