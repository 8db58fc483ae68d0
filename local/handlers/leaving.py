"""Resources that take their time to go, and do not go while others need them: a Kind of that sort.

    Leaving(service="sagemaker", noun="Space", keys=(...), held=apps_of, ...)

What is deleted is seen as Deleting by the next *looks* calls that describe or list it, then it is gone. A tag decides
otherwise, so that what waits for it can be rehearsed: `mlz-rehearsal` with the value `stuck` keeps it in Deleting for
as long as it has the tag, `fails` lets the deletion fail.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from local.handlers.operation import Call, Refusal
from local.handlers.records import Kind, Record, shown
from local.handlers.tags import forget_tags, tags_of

FAULT: Final = "mlz-rehearsal"
"""The tag that makes a deletion take for ever (`stuck`) or fail (`fails`)."""

_LOOKS: Final = "looks left"
_ASKED: Final = "deleted by"
_GOING: Final = "Deleting"


@dataclass(frozen=True, kw_only=True)
class Leaving(Kind):
    """A kind whose deletion is refused while *held* says why, and is seen for a while."""

    looks: int = 1
    """How many calls still see it as Deleting."""

    failed: str = "Delete_Failed"
    """The status of one whose deletion failed."""

    held: Callable[[Record, Call], str | None] = lambda _record, _call: None
    """What of others is in the way: `App(s)`; None: nothing."""

    left: Callable[[Record, Call], bool] = lambda _record, _call: True
    """What AWS does when it has gone; False: it stays listed, in the status that this has set."""

    def _delete(self, call: Call) -> Record:
        record = self.find(call)
        if in_the_way := self.held(record, call):
            arn = record[str(self.arn)]
            text = f"Unable to delete {self.noun} [{arn}] because {in_the_way} are associated with it."
            raise Refusal("ResourceInUse", text)
        if record["Status"] != _GOING:
            record |= {"Status": _GOING, _LOOKS: self.looks, _ASKED: call}
        return shown(record, call)

    def _describe(self, call: Call) -> Record:
        self._look(self.find(call))
        return shown(self.find(call), call)

    def _list(self, call: Call) -> Record:
        for record in [*self.store(call.account, call.region).values()]:
            self._look(record)
        return super()._list(call)

    def _look(self, record: Record) -> None:
        """Let the deletion of *record* go on as far as this look sees it."""
        fault = tags_of(self.service, record[str(self.arn)]).get(FAULT)
        if record["Status"] != _GOING or fault == "stuck":
            return
        if record[_LOOKS]:
            record[_LOOKS] -= 1
        elif fault == "fails":
            record["Status"] = self.failed
        else:
            self._go(record)

    def _go(self, record: Record) -> None:
        asked: Call = record[_ASKED]
        if self.left(record, asked):
            key = tuple(str(record.get(member)) for member in self.keys)
            del self.store(asked.account, asked.region)[key]
            forget_tags(self.service, record[str(self.arn)])
