"""Rights that show only while a call is being done: what a query reads, where a role writes."""

from collections.abc import Callable, Mapping

from local.handlers.operation import Call


class Rights:
    """Asks the gate of this process; without one everything is allowed, as moto alone has it."""

    ask: Callable[..., str | None] | None = None
    """Gate.further."""

    def refusal(
        self,
        call: Call,
        action: str,
        resource: str,
        *,
        who: str = "caller",
        via: str = "",
        context: Mapping[str, object] | None = None,
    ) -> str | None:
        """Return AWS's sentence where *who* may not; None: go on.

        Args:
            call: the call that needs the right.
            action: the IAM action.
            resource: its ARN.
            who: caller, or the ARN of a role.
            via: the service that asks in the name of *who*.
            context: further condition keys.
        """
        return self.ask(call, action, resource, who=who, via=via, context=context or {}) if self.ask else None


RIGHTS = Rights()
"""Of this process; the server gives it its gate."""
