"""The Pulumi program: stack name → plan → stack. No decisions here."""

import pulumi

from accounts import plan
from accounts.problems import SpecErrors
from stacks.build import UnknownStackError, build


def main() -> None:
    """Register the stack Pulumi was started for; what is wrong with the specs is said without a traceback."""
    try:
        build(plan.read(), pulumi.get_stack(), pulumi.Config().get_object("adopt"))
    except (SpecErrors, UnknownStackError) as problem:
        raise pulumi.RunError(str(problem)) from None


if __name__ == "__main__":
    main()
