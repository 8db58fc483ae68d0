"""One person's part of a Studio: what must go before AWS deletes the profile, or stop where the spaces are kept."""

from collections.abc import Iterator

from operations.teardown.found import GOES, STAYS, Row
from operations.teardown.patience import Patience
from operations.teardown.remove import drop_spaces, stop_apps
from operations.teardown.studio import Shown, Studio, app_name


class Leaver:
    """A member who leaves a team; *keep*: the spaces stay, with their owner's profile, for AWS gives them no other.

    Source: SageMaker API Reference, UpdateSpace (no member says the owner) and DeleteUserProfile (ResourceInUse; the
    person loses the home directory); Developer Guide, "Delete a Studio space" (its volume goes with it). Read
    2026-11-30.
    """

    def __init__(self, studio: Studio, name: str, *, keep: bool) -> None:
        self.studio, self.name, self.keep = studio, name, keep
        domain_id = studio.domain_id
        spaces = studio.spaces(domain_id) if domain_id else []
        self._owned = [each for each in spaces if _owner(each) == name]
        self._private = {each["SpaceName"] for each in self._owned if not _shared(each)}

    def look(self) -> list[Row]:
        """Read what there is of the person; changes nothing."""
        return [*self._apps(), *self._spaces(), *self._profile()]

    @property
    def shared(self) -> list[str]:
        """Shared spaces that the person owns: their other users need them, so they are nobody's to drop here."""
        return sorted(each["SpaceName"] for each in self._owned if _shared(each))

    def leave(self, patience: Patience) -> None:
        """Stop the person's apps; delete the private spaces unless they are kept.

        Raises:
            StuckError: something does not go; the same call goes on from there.
        """
        stop_apps(self.studio, patience, self._is_own_app)
        if not self.keep:
            drop_spaces(self.studio, patience, lambda each: each["SpaceName"] in self._private)

    def _is_own_app(self, app: Shown) -> bool:
        return app.get("UserProfileName") == self.name or app.get("SpaceName") in self._private

    def _apps(self) -> Iterator[Row]:
        domain_id = self.studio.domain_id
        for app in self.studio.apps(domain_id) if domain_id else ():
            if self._is_own_app(app):
                yield Row(GOES, "app", app_name(app), f"{app['Status']}; unsaved work is lost")

    def _spaces(self) -> Iterator[Row]:
        for space in sorted(self._private):
            if self.keep:
                yield Row(STAYS, "space", space, "left: true keeps it, with its volume, which costs")
            else:
                yield Row(GOES, "space", space, "its volume and the files on it are lost")
        for space in self.shared:
            yield Row(STAYS, "space", space, "shared: its owner cannot leave while it is there")

    def _profile(self) -> Iterator[Row]:
        domain_id = self.studio.domain_id
        profiles = self.studio.profiles(domain_id) if domain_id else []
        if self.name in {each["UserProfileName"] for each in profiles}:
            note = "nobody opens it" if self.keep else "goes with `up`, and with it the way to its home directory"
            yield Row(STAYS, "profile", self.name, note)


def _owner(space: Shown) -> str:
    return str(space.get("OwnershipSettingsSummary", {}).get("OwnerUserProfileName", ""))


def _shared(space: Shown) -> bool:
    return bool(space.get("SpaceSharingSettingsSummary", {}).get("SharingType", "Shared") == "Shared")
