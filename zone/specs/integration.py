"""Who runs the deployments: the CI whose jobs AWS trusts by their OIDC tokens."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from zone.specs.spec import Spec
from zone.specs.values import words

Issuer = Annotated[
    str,
    StringConstraints(pattern=r"^https://[a-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._-]+)*$", max_length=255),
    words("an address such as https://gitlab.example.com, without a / at the end"),
]
"""Address of who signs the jobs' tokens; AWS fetches its keys from there."""

_Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]+$"), words("letters, digits and . _ -")]
_Number = Annotated[str, StringConstraints(pattern=r"^[0-9]+$"), words("digits in quotes")]


class GitHub(Spec):
    """GitHub Actions: a job's token names the repository and the GitHub environment the job runs in."""

    by: Literal["github"]
    """Which CI."""

    owner: _Name
    """Organisation or user of the repository."""

    owner_id: _Number | None = None
    """Its id. A repository made, renamed or transferred since 2026-07-15 names ids; so does one that opted in."""

    repository: _Name
    """Name of the repository."""

    repository_id: _Number | None = None
    """Its id; `gh api repos/OWNER/REPOSITORY --jq '.owner.id, .id'` prints both. Given together or not at all."""

    issuer: Issuer = "https://token.actions.githubusercontent.com"
    """Of an enterprise with an issuer of its own: …/ENTERPRISE; of GitHub Enterprise Server: its own."""


class GitLab(Spec):
    """GitLab CI/CD: a job's token names the project and the branch, and no environment."""

    by: Literal["gitlab"]
    """Which CI."""

    project: Annotated[
        str, StringConstraints(pattern=r"^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)+$"), words("a path such as group/project")
    ]
    """Path of the project."""

    branch: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._/-]+$"), words("letters, digits and . _ / -")] = (
        "main"
    )
    """The protected branch that deploys."""

    issuer: Issuer = "https://gitlab.com"
    """Address of a GitLab of your own."""


class OtherIssuer(Spec):
    """Any other CI that signs OIDC tokens."""

    by: Literal["issuer"]
    """Which CI."""

    issuer: Issuer
    """Who signs."""

    audience: Annotated[str, StringConstraints(pattern=r"^[!-~]+$", max_length=255), words("text without spaces")]
    """Whom the tokens are for (aud)."""

    subject: Annotated[
        str,
        StringConstraints(pattern=r"^[!-)+-~]*\{environment\}[!-)+-~]*$", max_length=255),
        words("text with {environment} in it, without spaces and *"),
    ]
    """The tokens' subject (sub); {environment} stands for org, dev … and for preview."""
