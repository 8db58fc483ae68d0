"""What VPC endpoints cost a month: each team its own, all in a hub, and what the solver chooses.

Run `python -m benchmarks.endpoint_cost [REGION]`. Every account has the features of the example's fraud team, or of its
churn team by turns; two zones; the data of each account to each service as `hub.gb_per_endpoint` assumes (10 GB).
"""

import sys
from pathlib import Path

from zone.plan.endpoints import private_names
from zone.plan.hub import prices
from zone.plan.planner import read
from zone.plan.solver import MICRO, Question, cheapest, everything_central, everywhere_local

ACCOUNTS = (1, 2, 3, 5, 10, 50, 200)
EXAMPLE = Path(__file__).parents[1] / "examples" / "organisation"


def question(accounts: int, region: str, *, attached: bool, gb: int = 10) -> Question:
    """Return the question for so many accounts."""
    teams = [read(EXAMPLE).teams[stack] for stack in ("dev-fraud", "dev-churn")]
    needs = [frozenset(each.key for each in team.endpoints if not each.gateway) for team in teams]
    known = prices(region)
    if known is None:
        raise SystemExit(f"no price known in {region}")
    return Question(
        needs={f"team-{place}": needs[place % 2] for place in range(accounts)},
        movable=frozenset(private_names(region)),
        zones=2,
        gb=gb,
        prices=known,
        attached=attached,
    )


def main() -> None:
    """Print the table."""
    region = sys.argv[1] if len(sys.argv) > 1 else "eu-west-1"
    print(f"USD a month in {region}, two zones, 10 GB an account and service; endpoints, zones, attachments, data")
    print(f"{'accounts':>8} {'attached':>9} {'local':>10} {'central':>10} {'cheapest':>10} {'bound':>10}  choice")
    for accounts in ACCOUNTS:
        for attached in (False, True):
            asked = question(accounts, region, attached=attached)
            local, central, best = everywhere_local(asked), everything_central(asked), cheapest(asked)
            usd = [f"{cost / MICRO:10,.2f}" for cost in (local.cost, central.cost, best.cost, best.bound)]
            said = f"{len(best.central)} central, {len(best.attached)} attached"
            print(f"{accounts:8} {'anyway' if attached else 'no':>9} {' '.join(usd)}  {said}")


if __name__ == "__main__":
    main()
