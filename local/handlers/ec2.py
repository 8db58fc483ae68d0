"""EC2: moto forgets the description of security group rules that name a group or a prefix list.

And it holds every account to 60 rules a group; here quotas_account.py does, by what the account has.
"""

from inspect import signature
from typing import Any

from moto.ec2.models.security_groups import SecurityGroupBackend, SecurityGroupRule


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

    SecurityGroupBackend._verify_group_will_respect_rule_count_limit = _no_limit  # type: ignore[method-assign] # noqa: SLF001 - mends moto
    SecurityGroupRule.__init__ = make_with_description  # type: ignore[method-assign] # mends moto
    SecurityGroupRule.description = property(description)  # type: ignore[assignment,method-assign] # mends moto


def _no_limit(*_given: Any, **_named: Any) -> None:  # noqa: ANN401 - moto's own signature
    """Moto's own count of rules, left out."""
