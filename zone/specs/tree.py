"""All files under accounts/, typed and with their sources."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import Field

from zone.specs.account import CoreAccount, TeamAccount
from zone.specs.environment import Environment, Organization
from zone.specs.platform import PlatformAccount
from zone.specs.source import Source

ORG: Final = "org"
"""Folder of the organisation itself; all other folders are environments."""

AnyAccount = TeamAccount | PlatformAccount | CoreAccount
"""Any account's spec."""

AnySpec = Annotated[Organization | Environment | AnyAccount, Field(discriminator="kind")]
"""Any file under accounts/: `kind` says which."""


@dataclass(frozen=True, kw_only=True)
class Specs:
    """All files under accounts/, typed."""

    organization: Organization
    """org/environment.yaml."""

    environments: Mapping[str, Environment]
    """By folder: dev, prod …"""

    accounts: Mapping[str, AnyAccount]
    """By account key <folder>-<file stem>, sorted."""

    sources: Mapping[str, Source]
    """By account key, or by folder for its environment.yaml; also files that are wrong."""

    def folder(self, key: str) -> str:
        """Return the folder of the account *key*: its environment."""
        return self.sources[key].own.file.split("/")[0]

    def stem(self, key: str) -> str:
        """Return the file stem of the account *key*: the team."""
        return key.removeprefix(f"{self.folder(key)}-")
