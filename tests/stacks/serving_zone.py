"""The worked example's zone once versions of its model are deployed."""

from dataclasses import replace

from zone.plan.endpoints import needed
from zone.plan.planner import EXAMPLES, read
from zone.plan.serving import ServingPlan
from zone.specs.serving import Api, Asynchronous, Instances

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
    before = BEFORE.teams[stack]
    gateway = needed(before.account.region, ["apis"]) if change.get("api") else ()
    team = replace(
        before,
        serving={"churn": replace(SERVED, **change)},
        endpoints=(*before.endpoints, *gateway),
    )
    return replace(BEFORE, teams={**BEFORE.teams, stack: team})


ZONE = serving()
OVER_HTTP = serving(api=Api(calls_per_second=50))
"""The same, asked over HTTP too."""

LATER = serving(asynchronous=Asynchronous(), capture_percent=0)
"""The first, but its answers come later."""
