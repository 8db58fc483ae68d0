"""Runs commands over the landing zone's stacks, and records what the org stack learns: the ids AWS gave.

    outcomes = deploy(world, "up", ["org", "dev-fraud"], needs=..., lock=Path("accounts/ids.lock.yaml"))

The other stacks' plans need those ids, so `up` runs the organisation alone and first.
"""

import re
import shutil
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from local.cloud import running_cloud
from local.engine import Engine
from local.events import Progress
from local.identities import Identities
from local.outcome import Outcome
from local.recorded import ORG
from local.rehearsal import run
from local.settings import refuse_without_backend
from local.stack import PREVIEW_ONLY, Stack
from local.world import World, local_world, real_world
from zone.names import UNASSIGNED
from zone.plan.lock import LockedAccount, read, write
from zone.plan.planner import read as read_zone
from zone.plan.zone import OrganizationPlan, ZonePlan
from zone.specs.load import gather
from zone.specs.mlflow import FargateMlflow

PROJECT = Path(__file__).resolve().parents[1]
DEFAULT_STATE = PROJECT / ".mlz" / "state"
"""Logs, and the rehearsal: of the project, wherever the user stands."""
PACKS = tuple(PROJECT / "policies" / pack for pack in ("tagging", "guardrails", "security"))
ALL_PACKS = (PROJECT / "policies" / "together",)
"""The same rules in one process."""
SHARED = "shared"
"""Output of a platform's stack: what AWS invented and its teams must know, as EnvironmentIds."""
_IN_USE = ("are associated with it", "DependencyViolation")
"""In the words of SageMaker and EC2: a domain, or a network, that is not empty."""
_PROFILE = re.compile(r":user-profile/[\w-]+/([\w-]+)")
"""A Studio profile's name in its ARN."""


def deploy(
    world: World,
    command: str,
    stacks: Sequence[str],
    *,
    needs: Mapping[str, frozenset[str]],
    lock: Path,
    workers: int,
    flags: Sequence[str] = (),
    replaceable: Collection[str] = (),
    report: Callable[[Progress], None],
) -> list[Outcome]:
    """Run preview, up, refresh or destroy on *stacks*, the policy packs on, and return each one's outcome.

    Args:
        world: AWS or the emulated one.
        command: what to do.
        stacks: names, in any order.
        needs: stack → stacks that must be up before it.
        lock: gets the ids of the organisation and its accounts once the org stack is up, and of each platform what
            its teams need, before they begin.
        workers: stacks at once [count]; each takes 0.5 to 1 GB of memory.
        flags: more flags for pulumi.
        replaceable: logical names of what `up` may replace although it holds data.
        report: called from several threads, with what each stack is doing.
    """
    if command == "destroy":
        # Without the flag pulumi deletes what it can and then fails on the first resource that holds data.
        flags = [*flags, "--exclude-protected"]
    if world.state:
        # What the emulated AWS does at once the provider still waits for, ten seconds an assignment: side by side here.
        flags = [*flags, "--parallel", "32"]
    rest = [stack for stack in stacks if stack != ORG]
    first: list[Outcome] = []

    platforms = set().union(*needs.values()) - {ORG}

    def record(outcome: Outcome) -> None:
        """Write what the teams of a platform wait for, before they begin; forget it with the platform."""
        if outcome.stack in platforms and not outcome.code:
            if command == "up":
                shared = Stack(world, outcome.stack, report).outputs().get(SHARED, {})
                write(lock, environments={outcome.stack: shared})
            elif command == "destroy" and PREVIEW_ONLY not in flags:
                write(lock, environments={outcome.stack: {}})

    def run_stacks(names: Sequence[str]) -> list[Outcome]:
        plain = {stack: set(needed) for stack, needed in needs.items()}
        outcomes = run(
            world,
            command,
            names,
            needs=plain,
            workers=workers,
            policy_packs=ALL_PACKS,
            flags=flags,
            replaceable=replaceable,
            report=report,
            after=record,
        )
        return [_with_leavers(outcome) for outcome in outcomes] if command == "up" else outcomes

    if command == "up" and ORG in stacks:
        first = run_stacks([ORG])
        if first[0].code:
            return [*first, *(Outcome(stack, 1, note=f"not run: {ORG} failed") for stack in rest)]
        outputs = Stack(world, ORG, report).outputs()
        write(lock, organization_id=outputs["organization_id"], ids=outputs["account_ids"])
        return [*first, *run_stacks(rest)] if rest else first
    outcomes = run_stacks(stacks)
    destroyed = command == "destroy" and PREVIEW_ONLY not in flags
    return [_with_what_stays(world, outcome) for outcome in outcomes] if destroyed else outcomes


def _with_leavers(outcome: Outcome) -> Outcome:
    """Add to an `up` that fails on the profile of a member who is gone what lets it go."""
    refused = " ".join(failure.message for failure in outcome.failures if _IN_USE[0] in failure.message)
    if not (leavers := sorted(set(_PROFILE.findall(refused)))):
        return outcome
    commands = ", ".join(f"./mlz teardown {outcome.stack} --member {name}" for name in leavers)
    note = f"{', '.join(leavers)} still has apps or spaces; {commands} shows what is lost. To keep them: left: true"
    return replace(outcome, note="; ".join(part for part in (outcome.note, note) if part))


def _with_what_stays(world: World, outcome: Outcome) -> Outcome:
    """Add to a destroyed stack's outcome what is still there, protected or needed, or what helps where AWS refuses."""
    if any(refusal in failure.message for failure in outcome.failures for refusal in _IN_USE):
        note = f"people's apps and spaces, or what SageMaker left, are in the way: ./mlz teardown {outcome.stack}"
        return replace(outcome, note="; ".join(part for part in (outcome.note, note) if part))
    kept = [token for token in Stack(world, outcome.stack, lambda _: None).resource_types() if token.startswith("aws:")]
    if outcome.code or not kept:
        return outcome
    kinds = Counter(token.rsplit(":", 1)[-1] for token in kept)
    what = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    note = f"{len(kept)} stay, for they are protected or needed by what is: {what}"
    return replace(outcome, note="; ".join(part for part in (outcome.note, note) if part))


def rehearsal(engine: Engine, folder: Path, accounts: Path, lock: Path) -> tuple[World, Path]:
    """Return the rehearsal of *folder* with its emulated AWS running, and its own ids lock file.

    The rehearsal starts from the recorded ids, so that it deploys what the real one would; ids of accounts that only
    exist in the rehearsal never reach the project's own file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    own = folder / "ids.lock.yaml"
    before = read(own).ids
    carried = {key: entry.id for key, entry in before.accounts.items() if entry.id and not entry.retired}
    if lock.exists():
        shutil.copyfile(lock, own)
    elif own.exists():
        own.unlink()
    recorded = read(own).ids.accounts
    specs, problems = gather(accounts)  # of a file with problems nobody knows which account it is
    gone = [] if problems else [key for key in carried if key not in recorded and key not in specs.accounts]
    if gone:
        end(folder)  # its organisation has accounts of another branch, which are protected: no `up` would let them go
    else:
        write(own, ids={key: account for key, account in carried.items() if not _id(recorded.get(key))})
    # What AWS invented is not what the emulated one does: only what this rehearsal made counts.
    made = {} if gone else {name: each.model_dump() for name, each in before.environments.items()}
    if known := {*read(own).ids.environments, *made}:
        write(own, environments={name: made.get(name, {}) for name in sorted(known)})
    zone = read_zone(accounts, own)
    world = local_world(engine, PROJECT, folder, region=zone.organization.home_region, identities=identities(zone))
    if gone:
        said = f"{', '.join(gone)} of the last rehearsal are not in {accounts}: this rehearsal starts afresh"
        world = replace(world, lost=said)
    return with_specs(world, accounts, own), own


def end(folder: Path) -> bool:
    """End the rehearsal of *folder*, if there is one: the emulated AWS goes with its address, the states with it."""
    cloud = running_cloud(folder)
    if cloud:
        cloud.stop()
    for name in ("cloud.json", "ids.lock.yaml"):
        (folder / name).unlink(missing_ok=True)
    for state in folder.glob("cloud-*"):
        shutil.rmtree(state, ignore_errors=True)
    return cloud is not None


def _id(entry: LockedAccount | None) -> str | None:
    return entry.id if entry else None


def deployment(engine: Engine, folder: Path, accounts: Path, lock: Path) -> World:
    """Return AWS itself, reached with the user's own credentials; logs go under *folder*.

    Raises:
        SettingsError: Pulumi has no place for its state.
    """
    refuse_without_backend(PROJECT, engine.env)
    return with_specs(real_world(engine, PROJECT, folder / "logs"), accounts, lock)


def with_specs(world: World, accounts: Path, lock: Path) -> World:
    """Let the Pulumi program and the packs read the same files as this process."""
    chosen = {"MLZ_ACCOUNTS": str(accounts.resolve()), "MLZ_IDS_LOCK": str(lock.resolve())}
    return replace(world, env={**world.env, **chosen})


def reading(world: World) -> World:
    """Let the Pulumi program work under the accounts' roles that only read, as pull requests' previews do."""
    return replace(world, env={**world.env, "MLZ_READ_ONLY": "1"})


def identities(zone: ZonePlan) -> Identities:
    """Return the ids the emulated AWS must give to the organisation and its accounts."""
    organization = zone.organization
    known = {
        account.email: account.account_id
        for account in organization.accounts.values()
        if account.account_id != UNASSIGNED
    }
    organization_id = organization.organization_id or Identities.organization
    role = next((account.role for account in organization.accounts.values()), Identities.provisioning_role)
    portal = organization.portal
    quotas = {account.email: dict(account.quotas) for account in organization.accounts.values()}
    quotas[organization.management_account_id] = dict(organization.quotas)
    members = sorted({member.sign_in for team in zone.teams.values() for member in team.members.values()})
    return Identities(
        organization.management_account_id,
        organization_id,
        known,
        # A first deployment finds Identity Center on and everybody in its directory: people make both before.
        retired=dict(organization.retired),
        instance=portal.instance_arn or f"arn:aws:sso:::instance/ssoins-{'0' * 16}",
        instance_region=portal.region or organization.home_region,
        users={email: f"9067{place:06d}-{uuid5(NAMESPACE_URL, email)}" for place, email in enumerate(members)}
        | dict(portal.users),
        groups={
            name: f"9167000000-{uuid5(NAMESPACE_URL, name)}" for team in zone.teams.values() for name in team.groups
        }
        | dict(portal.groups),
        quotas=quotas,
        provisioning_role=role,
        certificates=[
            spec.certificate
            for spec in (platform.mlflow for platform in zone.platforms.values())
            if isinstance(spec, FargateMlflow) and spec.certificate
        ],
        existing=_existing(organization),
    )


def _existing(organization: OrganizationPlan) -> dict[str, Any]:
    """What was there before us, as it was recorded: accounts where they were found, those of others among them."""
    adopted = organization.adopted
    if adopted is None:
        return {}
    ours = [
        {
            "id": each.account_id,
            "name": each.account_name,
            "email": each.email,
            "unit": each.adopted,
            "tags": dict(each.account_tags),
        }
        for each in organization.accounts.values()
        if each.adopted is not None
    ]
    others = [
        {"id": key, "name": each.name, "email": f"{key}@existing.invalid", "unit": each.unit}
        for key, each in adopted.others.items()
    ]
    return {
        "root": adopted.root,
        "policy_types": list(adopted.policy_types),
        # Asked for before the first `up`, see docs/adopting.md.
        "services": ["ec2.amazonaws.com"],
        "units": dict(adopted.units),
        "accounts": [*ours, *others],
    }
