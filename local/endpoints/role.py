"""The execution role of a variant's model: one session and its clients, of the container and of what is done for it."""

import threading
from typing import Any

from local.containers.model import Program
from local.containers.process import Connection
from local.containers.role import client, connected


class Role:
    """The execution role of a model, as one variant has it."""

    def __init__(self, program: Program, region: str) -> None:
        self.program = program
        self.region = region
        self._guard = threading.Lock()
        self._connection: Connection | None = None
        self._clients: dict[str, Any] = {}

    def connection(self) -> Connection:
        """Return how its calls reach AWS, and as whom; the first time its session begins.

        Raises:
            NotTrustedError: SageMaker may not take the role.
            UnreachableError: its subnet does not exist.
        """
        with self._guard:
            if self._connection is None:
                self._connection = connected(self.program.role_arn, self.program.subnets)
            return self._connection

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3's clients have no type
        """Return a client of *service*; never while a call is being answered: it makes calls of its own.

        Raises:
            NotTrustedError: SageMaker may not take the role.
            UnreachableError: its subnet does not exist.
        """
        connection = self.connection()
        with self._guard:
            if service not in self._clients:
                self._clients[service] = client(connection, service, self.region)
            return self._clients[service]
