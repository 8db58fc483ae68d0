"""What a container is asked and answers, over HTTP on its port: /invocations.

Source: SageMaker Developer Guide, "Custom Inference Code with Hosting Services" (an answer
within 60 seconds), read 2026-11-30.
"""

import http.client
from dataclasses import dataclass
from typing import Final

CUSTOM: Final = "X-Amzn-SageMaker-Custom-Attributes"
LONGEST_ANSWER_SECONDS: Final = 60.0
_MOST_BYTES: Final = 64 << 20


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is posted to /invocations."""

    body: bytes
    content_type: str = ""
    accept: str = ""
    custom: str = ""
    """Custom attributes, handed on as they are."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What came back."""

    status: int
    """HTTP status; 0: none came, and the body says why."""

    body: bytes
    content_type: str = ""
    custom: str = ""

    @property
    def well(self) -> bool:
        """Whether the model answered."""
        return http.HTTPStatus.OK <= self.status < http.HTTPStatus.MULTIPLE_CHOICES


_TIMED_OUT: Final = (
    "Your invocation timed out while waiting for a response from container primary. Review the latency metrics for "
    "each container in Amazon CloudWatch, resolve the issue, and try again."
)


def ask(port: int, question: Question, *, seconds: float = LONGEST_ANSWER_SECONDS) -> Reply:
    """Post *question* to the container on *port*; wait at most *seconds* for each piece of the answer."""
    headers = {"Content-Type": question.content_type, "Accept": question.accept, CUSTOM: question.custom}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request("POST", "/invocations", question.body, {k: v for k, v in headers.items() if v})
        came = connection.getresponse()
        body = came.read(_MOST_BYTES)
        return Reply(
            status=came.status,
            body=body,
            content_type=came.getheader("Content-Type", ""),
            custom=came.getheader(CUSTOM, ""),
        )
    except TimeoutError:
        return Reply(status=0, body=_TIMED_OUT.encode())
    except (OSError, http.client.HTTPException) as error:
        return Reply(status=0, body=f"The container primary did not answer: {error}".encode())
    finally:
        connection.close()
