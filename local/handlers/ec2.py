"""EC2: moto forgets the description of security group rules that name a group or a prefix list."""

from typing import Any

from moto.ec2.models.security_groups import SecurityRule


def install() -> None:
    """Mend SecurityRule."""
    make = SecurityRule.__init__

    def make_with_description(
        self: Any,  # noqa: ANN401 - moto's rule
        *given: Any,  # noqa: ANN401 - moto's own signature
        prefix_list_id: dict[str, str] | None = None,
        **named: Any,  # noqa: ANN401 - moto's own signature
    ) -> None:
        make(self, *given, prefix_list_id=prefix_list_id, **named)
        self.other_description = (prefix_list_id or self.source_group).get("Description")

    def description(self: Any) -> str | None:  # noqa: ANN401 - moto's rule
        found: str | None = self.ip_range.get("Description") or self.other_description
        return found

    SecurityRule.__init__ = make_with_description  # type: ignore[method-assign]
    SecurityRule.description = property(description)  # type: ignore[assignment,method-assign]
