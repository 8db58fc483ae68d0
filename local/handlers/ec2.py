"""EC2: moto forgets the description of security group rules that name a group or a prefix list."""

from inspect import signature
from typing import Any

from moto.ec2.models.security_groups import SecurityGroupRule


def install() -> None:
    """Mend SecurityGroupRule."""
    make = SecurityGroupRule.__init__
    parameters = signature(make)

    def make_with_description(self: Any, *given: Any, **named: Any) -> None:  # noqa: ANN401 - moto's own signature
        make(self, *given, **named)
        said = parameters.bind(self, *given, **named).arguments
        target = said.get("prefix_list_id") or said.get("source_group") or {}
        self.other_description = target.get("Description")

    def description(self: Any) -> str | None:  # noqa: ANN401 - moto's rule
        found: str | None = self.ip_range.get("Description") or self.other_description
        return found

    SecurityGroupRule.__init__ = make_with_description  # type: ignore[method-assign] # mends moto
    SecurityGroupRule.description = property(description)  # type: ignore[assignment,method-assign] # mends moto
