"""`python -m serving`: the service under gunicorn, until SIGTERM."""

import sys

from gunicorn.app.wsgiapp import run

if __name__ == "__main__":
    sys.argv[1:] = ["--config", "python:serving.gunicorn_settings"]
    sys.exit(run())
