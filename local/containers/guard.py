"""Runs one command and kills it, with all it started, when our parent is gone: `python guard.py MEGABYTES COMMAND…`.

The parent holds the other end of standard input: it closes it to kill the command, or by dying, however it dies (a
parent's death signal would come when the thread ends that started us, so a pipe it is). SIGTERM goes on to the command.
Exit code: the command's, or 128 and the signal's number. It imports nothing of ours, so that it starts in no time.
"""

import contextlib
import os
import resource
import signal
import subprocess
import sys
import threading


def main() -> int:
    """Run the command of the arguments."""
    megabytes, command = int(sys.argv[1]), sys.argv[2:]
    with contextlib.suppress(ValueError, OSError):  # a lower limit of the machine's own stays
        resource.setrlimit(resource.RLIMIT_DATA, (megabytes << 20, megabytes << 20))
    try:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    except OSError as error:
        sys.stderr.write(f"exec: {command[0]}: {error.strerror}\n")
        return 127

    def send(number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)

    def watch() -> None:
        os.read(0, 1)
        send(signal.SIGKILL)

    signal.signal(signal.SIGTERM, lambda *_: send(signal.SIGTERM))
    threading.Thread(target=watch, daemon=True).start()
    code = process.wait()
    send(signal.SIGKILL)  # what the command left running
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    os._exit(code)
