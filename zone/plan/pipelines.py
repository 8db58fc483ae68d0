"""What CI must run, in each host's own form: GitHub's job outputs, GitLab's child pipeline."""

import json
from collections.abc import Sequence
from typing import Final

from zone.plan.lots import by_environment, lots
from zone.plan.zone import ZonePlan

STAGES: Final = 5
"""Environments that deploy.yaml has a job for [count]: GitHub takes a job's name and order from the file only."""


class PipelineError(Exception):
    """A plan that the workflows cannot deploy; the message says why and what to do."""


def github(zone: ZonePlan, stacks: Sequence[str]) -> str:
    """Return GitHub's job outputs, a line each: lots of *stacks* to preview, and stages to deploy, both as JSON.

    Raises:
        PipelineError: there are more environments than deploy.yaml has stages.
    """
    stages = [
        {"environment": environment, "lots": [" ".join(lot) for lot in lots(members)]}
        for environment, members in by_environment(zone, stacks).items()
        if members
    ]
    if len(stages) > STAGES:
        raise PipelineError(
            f".github/workflows/deploy.yaml has {STAGES} stages, got {len(stages)} environments; add a job like its "
            "last one, and raise STAGES in zone/plan/pipelines.py"
        )
    lines = [f"lots={json.dumps([' '.join(lot) for lot in lots(stacks)])}"]
    lines += [f"stage{place}={json.dumps(stage)}" for place, stage in enumerate(stages, 1)]
    return "".join(f"{line}\n" for line in lines)


def gitlab_previews(_zone: ZonePlan, stacks: Sequence[str]) -> str:
    """Return the jobs of GitLab's child pipeline that previews *stacks*, as YAML below .gitlab/jobs.yml."""
    jobs: dict[str, object] = {
        f"preview {place}": {"extends": ".preview", "variables": {"LOT": " ".join(lot)}}
        for place, lot in enumerate(lots(stacks), 1)
    }
    return _yaml({**jobs, "note": {"extends": ".note", "needs": [_parents("plan"), *({"job": name} for name in jobs)]}})


def gitlab_deployment(zone: ZonePlan, stacks: Sequence[str]) -> str:
    """Return the jobs of GitLab's child pipeline that deploys *stacks*, each environment after the one before it."""
    jobs: dict[str, object] = {}
    before: list[object] = []
    for environment, members in by_environment(zone, stacks).items():
        own = {
            f"{environment} {place}": {
                "extends": ".up",
                "environment": {"name": environment},
                "variables": {"LOT": " ".join(lot)},
                "needs": [_parents("org"), *before],
            }
            for place, lot in enumerate(lots(members), 1)
        }
        jobs |= own
        before = [{"job": name} for name in own] or before
    return _yaml(jobs)


def _parents(job: str) -> dict[str, str]:
    """What needs the artifacts of the parent pipeline's *job*."""
    return {"pipeline": "$PARENT", "job": job}


def _yaml(jobs: dict[str, object]) -> str:
    """Write jobs a line each, for JSON is YAML. A matrix would put its lot into the job's name: 255 letters at most."""
    return "".join(f"{json.dumps(name)}: {json.dumps(job)}\n" for name, job in jobs.items())
