"""Runs one command and kills it, with all it started, when our parent is gone: `python guard.py SECONDS COMMAND…`.

The parent holds the other end of standard input and closes it to stop the command, or by dying, however it dies.
Exit code: the command's; 124 after SECONDS (0: no limit). It imports nothing of ours, so that it starts in no time.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading

TIMED_OUT = 124


def main() -> int:
    """Run the command of the arguments."""
    seconds, command = float(sys.argv[1]), sys.argv[2:]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)

    def end() -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    def watch() -> None:
        sys.stdin.buffer.read()
        end()

    threading.Thread(target=watch, daemon=True).start()
    try:
        code = process.wait(seconds or None)
    except subprocess.TimeoutExpired:
        code = TIMED_OUT
    end()  # what the command left running
    process.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    os._exit(main())
