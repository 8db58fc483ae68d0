"""The worked example's zone once versions of its model are deployed."""

from dataclasses import replace

from zone.plan.planner import EXAMPLES, read
from zone.plan.serving import ServingPlan
from zone.specs.serving import Asynchronous, Instances

STACK = "dev-churn"
BEFORE = read(EXAMPLES.with_name("churn"))
"""As it is written: no version is deployed."""

SERVED = ServingPlan(
    model="churn",
    version=3,
    registry_account_id=BEFORE.teams[STACK].account.account_id,
    instance_type="ml.m5.large",
    instances=Instances(least=1, most=2, invocations_per_minute=600),
    capture_percent=100,
    looks_up_features=False,
    latency_ms=500,
)


def serving(stack=STACK, **change):
    """The zone with one endpoint, `churn`, in *stack*; *change*: what is other than in SERVED."""
    team = replace(BEFORE.teams[stack], serving={"churn": replace(SERVED, **change)})
    return replace(BEFORE, teams={**BEFORE.teams, stack: team})


ZONE = serving()
LATER = serving(asynchronous=Asynchronous(), capture_percent=0)
"""The same, but its answers come later."""
