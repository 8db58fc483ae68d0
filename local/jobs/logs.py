"""A container's log stream in CloudWatch Logs, readable while it runs.

Written at the source: what the role needs for its logs was asked when the job was made.
"""

import time

from moto.logs.models import logs_backends

from local.handlers.dispatch import LOCK


class Stream:
    """One log stream; it and its group are made with the first line."""

    def __init__(self, account: str, region: str, group: str, name: str) -> None:
        self.account, self.region, self.group, self.name = account, region, group, name

    def say(self, line: str) -> None:
        """Add a line; an empty one is no event."""
        if not line.strip():
            return
        with LOCK:
            logs = logs_backends[self.account][self.region]
            if self.group not in logs.groups:
                logs.create_log_group(self.group, {})
            logs.ensure_log_stream(self.group, self.name)
            event = {"timestamp": int(time.time() * 1000), "message": line}
            logs.put_log_events(self.group, self.name, [event])
