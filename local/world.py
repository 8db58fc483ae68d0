"""Where stacks live: an environment for `pulumi`, and folders for logs and settings.

    world = local_world(engine, project, Path(".mlz/state"), identities=..., region="eu-west-1")
    world = real_world(engine, project, Path(".mlz/logs"))

The state of a rehearsal and the emulated AWS it describes belong together, but the cloud lives in memory. So
the state lies in FOLDER/<cloud id>/: a new cloud has a new id and finds no state, however the old one ended.
What the old ones left is removed, and `world.lost` says so. Nothing else must be kept in step.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from local.cloud import UNSET, shared_cloud
from local.engine import Engine
from local.faults import Faults
from local.identities import Identities
from local.settings import backend, own_settings

PASSPHRASE = "a rehearsal holds no secrets"  # noqa: S105 - it protects nothing, and must not be asked for

ENDED = "the emulated AWS of an earlier rehearsal has ended: this one starts afresh"


@dataclass(frozen=True)
class World:
    """A place where stacks are deployed."""

    engine: Path
    """The `pulumi` command."""

    project: Path
    """The folder of Pulumi.yaml."""

    env: Mapping[str, str]
    """The environment of `pulumi`: backend, credentials, endpoint."""

    logs: Path
    """Gets <stack>.log, what pulumi said, and <stack>.events.json."""

    state: Path | None = None
    """The folder of our own file backend and settings; None: the backend the user is logged in to."""

    lost: str = ""
    """Why an earlier rehearsal is gone, so that this one starts afresh; empty: it goes on, or is the first."""

    @property
    def backend(self) -> str:
        """The URL of the backend."""
        return (backend(self.project, self.env) or ("",))[0]

    def settings(self, stack: str) -> Path:
        """The stack's settings file: its environment's in the project, or a rehearsal's own."""
        if self.state is None:
            return own_settings(self.project, stack)
        return self.state / "settings" / f"Pulumi.{stack}.yaml"


def real_world(engine: Engine, project: Path, logs: Path) -> World:
    """AWS itself: the user's own environment, credentials and backend."""
    logs.mkdir(parents=True, exist_ok=True)
    return World(engine.path, project, dict(engine.env), logs)


def local_world(
    engine: Engine,
    project: Path,
    folder: Path,
    *,
    region: str,
    identities: Identities | None = None,
    faults: Faults | None = None,
) -> World:
    """Return the rehearsal of *folder*, with its emulated AWS running.

    Args:
        engine: what runs the stacks.
        project: the folder of Pulumi.yaml.
        folder: holds state, logs and the cloud's address; removing it ends the cloud.
        region: the default region of the environment.
        identities: the ids of the organisation and its accounts.
        faults: only for a cloud that is started now.

    Raises:
        CloudError: the emulated AWS did not start.
    """
    folder = folder.resolve()
    cloud, _ = shared_cloud(folder, identities, faults)
    state = folder / f"cloud-{cloud.id}"
    stale = [other for other in folder.glob("cloud-*") if other != state]
    for other in stale:
        shutil.rmtree(other, ignore_errors=True)
    for part in (state / "backend", state / "settings", folder / "logs"):
        part.mkdir(parents=True, exist_ok=True)
    env = {name: value for name, value in engine.env.items() if name not in UNSET}
    env |= cloud.env(region)
    # Without metadata=skip each state has a side file, written in place: a kill at the wrong moment leaves it empty,
    # and the engine then reads neither. The state itself is written whole or not at all, so a copy of the last one is
    # a copy nobody asks for.
    backend = f"file://{state / 'backend'}?metadata=skip"
    env |= {"PULUMI_BACKEND_URL": backend, "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE}
    env["PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS"] = "true"
    # The engine and its provider live for a minute: garbage let lie costs 140 MB and spares them a tenth of their work.
    env.setdefault("GOGC", "400")
    return World(engine.path, project, env, folder / "logs", state, ENDED if stale else "")


def aside(world: World, folder: Path) -> World:
    """Return *world* with an empty backend of its own in *folder*: for what must leave nothing behind."""
    (folder / "settings").mkdir()
    env = {name: value for name, value in world.env.items() if name != "PULUMI_CONFIG_PASSPHRASE_FILE"}
    env |= {"PULUMI_BACKEND_URL": f"file://{folder}?metadata=skip", "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE}
    return replace(world, env=env, state=folder)
