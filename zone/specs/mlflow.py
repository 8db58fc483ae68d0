"""How an environment's teams share MLflow."""

from enum import StrEnum
from typing import Literal

from zone.specs.account import Spec


class MlflowServer(StrEnum):
    """Sizes of a SageMaker MLflow tracking server."""

    SMALL = "Small"
    MEDIUM = "Medium"
    LARGE = "Large"


class SharedMlflow(Spec):
    """One managed tracking server for all teams of the environment. Its teams see each other's runs."""

    mode: Literal["shared"]
    """One server for all."""

    isolation: Literal["none"]
    """Written out on purpose: IAM stops at the server, so every team reads and changes every team's runs."""

    size: MlflowServer = MlflowServer.SMALL
    """Server size; Small serves about 25 users."""


class PerTeamMlflow(Spec):
    """One managed tracking server per team: teams are apart, each server is billed."""

    mode: Literal["per_team"]
    """A server for each team."""

    size: MlflowServer = MlflowServer.SMALL
    """Server size; Small serves about 25 users."""
