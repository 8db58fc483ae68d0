"""Which tokens of the CI each role trusts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from zone import names
from zone.specs.integration import GitHub, GitLab, OtherIssuer

AWS: Final = "sts.amazonaws.com"
"""Audience of the tokens that GitHub's action for AWS asks for.

Source: GitHub Docs, "Configuring OpenID Connect in Amazon Web Services", read 2026-11-30.
"""


@dataclass(frozen=True, kw_only=True)
class IntegrationPlan:
    """The CI's tokens."""

    by: str
    """github, gitlab or issuer."""

    place: str
    """Repository or project, as people write it; empty where only the issuer is known."""

    issuer: str
    """Who signs them: https://…"""

    audience: str
    """Whom they are for (aud)."""

    subjects: Mapping[str, str]
    """Environment → the subject its jobs bring (sub), and that of `preview`; * stands for any letters."""


def integration(spec: GitHub | GitLab | OtherIssuer, environments: Iterable[str]) -> IntegrationPlan:
    """Return what the tokens of each environment's jobs say, and of pull requests' previews."""
    jobs = [*environments, names.PREVIEW]
    if isinstance(spec, GitHub):
        # Ids cannot be taken over as names can. Source: GitHub Changelog 2026-04-23, "Immutable subject claims for
        # GitHub Actions OIDC tokens", and GitHub Docs, "OpenID Connect reference", read 2026-11-30.
        owner, repository = (
            f"{name}@{number}" if number else name
            for name, number in ((spec.owner, spec.owner_id), (spec.repository, spec.repository_id))
        )
        place, audience = f"{spec.owner}/{spec.repository}", AWS
        subjects = {job: f"repo:{owner}/{repository}:environment:{job}" for job in jobs}
    elif isinstance(spec, GitLab):
        # The subject is made of project, kind of ref and ref, and cannot name an environment; of a merge request it
        # names the source branch. Source: GitLab Docs, "OpenID Connect (OIDC) Authentication Using ID Tokens", and
        # gitlab-org/gitlab issue 477260 (what ci_id_token_sub_claim_components takes), read 2026-11-30.
        place, audience = spec.project, spec.issuer
        branch = f"project_path:{spec.project}:ref_type:branch:ref:"
        subjects = {job: branch + ("*" if job == names.PREVIEW else spec.branch) for job in jobs}
    else:
        place, audience = "", spec.audience
        subjects = {job: spec.subject.replace("{environment}", job) for job in jobs}
    return IntegrationPlan(by=spec.by, place=place, issuer=spec.issuer, audience=audience, subjects=subjects)
