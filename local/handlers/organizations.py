"""Organizations: declarative policies for EC2, a policy type moto doesn't know; it stores them like tag policies.

Nor does it know that EC2 can be given trusted access, which these policies need.
"""

from typing import Any

from moto.organizations import models, utils

TYPE = "DECLARATIVE_POLICY_EC2"
LIKE = "TAG_POLICY"


def install() -> None:
    """Teach moto the type and the service."""
    trusted = models.FakeServiceAccess
    trusted.TRUSTED_SERVICES = [*trusted.TRUSTED_SERVICES, "ec2.amazonaws.com"]
    for kind in (models.FakeRoot, models.FakePolicy):
        kind.SUPPORTED_POLICY_TYPES = [*kind.SUPPORTED_POLICY_TYPES, TYPE]
    make = models.FakePolicy.__init__

    def make_of_any_type(self: Any, organization: Any, **given: Any) -> None:  # noqa: ANN401 - moto's own signature
        if given.get("Type") != TYPE:
            make(self, organization, **given)
            return
        make(self, organization, **{**given, "Type": LIKE})
        self.type = TYPE
        self._arn_format = utils.TAG_POLICY_ARN_FORMAT.replace(LIKE.lower(), TYPE.lower())

    models.FakePolicy.__init__ = make_of_any_type  # type: ignore[method-assign] # mends moto
