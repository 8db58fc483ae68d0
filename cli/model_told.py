"""What ends a command of `./mlz model`: one message and its exit code."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from botocore.exceptions import BotoCoreError, ClientError

from local.containers.images import ImageError
from operations.model.errors import ModelError, RefusedError, StepFailedError


@contextmanager
def told(after_failure: str = "that mended, the same command goes on with this step") -> Iterator[None]:
    """Turn what ends the command into one message and its exit code."""
    try:
        yield
    except RefusedError as error:
        fail(str(error), 1)
    except (ModelError, ImageError) as error:
        fail(str(error), 2)
    except (BotoCoreError, ConnectionError, TimeoutError) as error:
        fail(f"AWS does not answer: {error}; the same command goes on from here", 1)
    except ClientError as error:
        fail(f"AWS refused: {error}", 1)
    except StepFailedError as error:
        fail(f"{error}\n  {after_failure}", 1)


def fail(message: str, code: int) -> None:
    """Say it and stop."""
    sys.stderr.write(f"mlz: {message}\n")
    raise typer.Exit(code) from None
