"""What each stack costs on the emulated organisation: resources, seconds of each command, peak memory.

    MLZ_ENGINE_DIR=… ./mlz test --help && .venv/bin/python -m benchmarks.stacks [STACK…]

One stack at a time, policy packs on, without the preview before each run. `cpu` is the CPU time [s] of all processes
of the `up`, the emulated AWS too: it says the same on a busy machine. Peak memory is the sum over all processes of a
command but the emulated AWS, the largest of the four commands. The organisation's stack is always run.
"""

import os
import sys

from benchmarks.organisation import organisation

COLUMNS = "{:<12} {:>9} {:>7} {:>7} {:>14} {:>16} {:>9} {:>6} {:>8}"


def main(stacks: list[str]) -> None:
    with organisation() as ours:
        names = [name for name in ("org", *ours.zone.platforms, *ours.zone.teams) if not stacks or name in stacks]
        names = list(dict.fromkeys(["org", *names]))
        rows = {}
        for name in names:
            up, watch = ours.run("up", name)
            again, watch_again = ours.run("up", name)
            refreshed, watch_refresh = ours.run("refresh", name)
            if up.code or again.code or refreshed.code:
                sys.exit(f"{name}: {up} {again} {refreshed}")
            rows[name] = (up, watch, again, refreshed)
            rows[name] += (max(watch.peak_bytes, watch_again.peak_bytes, watch_refresh.peak_bytes),)
            print(f"{name} is up: {up.seconds:.0f} s, {watch.cpu}", file=sys.stderr, flush=True)
        print(
            COLUMNS.format(
                "stack", "resources", "up s", "cpu s", "2nd up s", "refresh s", "destroy s", "left", "peak GB"
            )
        )
        for name in reversed(names):
            gone, watch_gone = ours.run("destroy", name)
            up, watch, again, refreshed, peak = rows[name]
            print(
                COLUMNS.format(
                    name,
                    up.changes.get("create", 0),
                    f"{up.seconds:.0f}",
                    f"{sum(watch.cpu.values()):.0f}",
                    f"{again.seconds:.0f} ({changed(again)} ch.)",
                    f"{refreshed.seconds:.0f} ({changed(refreshed)} drift)",
                    f"{gone.seconds:.0f}",
                    ours.left(name) if not gone.code else "failed",
                    f"{max(peak, watch_gone.peak_bytes) / 1e9:.2f}",
                ),
                flush=True,
            )
        print(f"load of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def changed(outcome) -> int:
    """How many resources a command changed."""
    return sum(count for what, count in outcome.changes.items() if what != "same")


if __name__ == "__main__":
    main(sys.argv[1:])
