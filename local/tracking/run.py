"""MLflow itself, in its own environment: `python run.py MEGABYTES`, which says `ready PORT` and ends with its parent.

What it keeps where stands in its environment (servers.py). The parent holds the other end of standard input: it closes
it to end the server, or by dying, however it dies. It imports nothing of ours.
"""

import contextlib
import os
import resource
import socket
import sys
import threading


def main() -> None:
    """Serve until the parent is gone."""
    megabytes = int(sys.argv[1]) << 20
    with contextlib.suppress(ValueError, OSError):  # a lower limit of the machine's own stays
        resource.setrlimit(resource.RLIMIT_DATA, (megabytes, megabytes))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # One process: `mlflow server` would keep a second one of 275 MB, which only waits for the first.
    import uvicorn  # noqa: PLC0415 - the parent may already be gone, and these take seconds
    from mlflow.server.fastapi_app import app  # noqa: PLC0415 - as above
    from mlflow.server.handlers import initialize_backend_stores  # noqa: PLC0415 - as above

    initialize_backend_stores()
    listener = socket.create_server(("127.0.0.1", 0))
    sys.stdout.write(f"ready {listener.getsockname()[1]}\n")
    sys.stdout.flush()
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nobody reads on
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none", server_header=False))
    server.run(sockets=[listener])


def _end_with_parent() -> None:
    os.read(0, 1)
    os._exit(0)


if __name__ == "__main__":
    main()
