"""Pure: what a build does, step by step: its zip's Dockerfile becomes an image in one of the named repositories."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import yaml

from components.access.grants.builds import VARIABLES
from components.access.packages import PackageSource

FILES: Final = ("Dockerfile", "Containerfile")
"""Names under which the recipe is looked for."""

_FIND: Final = f"ls {' '.join(FILES)} 2>/dev/null | grep --max-count 1 ."
"""Says the recipe's name, and fails where there is none; nothing relies on a shell variable of an earlier phase."""

_SIGN_IN: Final = (
    'aws ecr get-login-password --region "$AWS_DEFAULT_REGION" | docker login --username AWS --password-stdin {host}'
)


def build_spec(
    *,
    own_registry: str,
    base_registry: str,
    repositories: Sequence[str],
    build_args: Mapping[str, str],
    packages: PackageSource | None,
) -> str:
    """Return the buildspec.

    A token for packages is in a file that only RUN --mount=type=secret,id=pip sees: no layer and no log holds it.
    BuildKit does so; in a network without the internet it needs no front end of Docker Hub's unless the Dockerfile's
    first line asks for one.

    Args:
        own_registry: host to which the image goes.
        base_registry: host from which base images come; the Dockerfile gets it as BASE_REGISTRY.
        repositories: where an image may go; the role refuses others too, later.
        build_args: further build arguments.
        packages: where pip gets packages; None: nowhere.
    """
    arguments = {"BASE_REGISTRY": base_registry, **build_args}
    given = " ".join(f"--build-arg {name}={_quoted(value)}" for name, value in arguments.items())
    secret = " --secret id=pip,src=/tmp/pip.conf" if packages else ""
    # A public registry asks for no name.
    hosts = [host for host in dict.fromkeys((own_registry, base_registry)) if host.endswith(".amazonaws.com")]
    wrong = f"REPOSITORY must be one of: {', '.join(repositories)}"
    before = [
        f'case "$REPOSITORY" in {"|".join(repositories)}) ;; *) echo "{wrong}" >&2; exit 1 ;; esac',
        'test -n "$TAG" || { echo "TAG is missing: tags never move, so each build has one of its own" >&2; exit 1; }',
        f'{_FIND} || {{ echo "no {" and no ".join(FILES)} at the top of the zip" >&2; exit 1; }}',
        *(_SIGN_IN.format(host=host) for host in hosts),
        *(_pip(packages) if packages else ()),
    ]
    image = f"{own_registry}/$REPOSITORY:$TAG"
    spec: dict[str, Any] = {
        "version": 0.2,
        "env": {"shell": "bash", "variables": {"DOCKER_BUILDKIT": "1", **dict.fromkeys(VARIABLES, "")}},
        "phases": {
            "pre_build": {"on-failure": "ABORT", "commands": before},
            "build": {
                "on-failure": "ABORT",
                "commands": [f'docker build --pull --file "$({_FIND})" {given}{secret} --tag "{image}" .'],
            },
            "post_build": {
                "commands": [
                    # A build that failed gets here too.
                    'test "$CODEBUILD_BUILD_SUCCEEDING" = 1',
                    f'docker push "{image}"',
                    f"docker image inspect --format '{{{{index .RepoDigests 0}}}}' \"{image}\"",
                ],
            },
        },
    }
    return str(yaml.safe_dump(spec, sort_keys=False, width=1000))


def _pip(source: PackageSource) -> tuple[str, ...]:
    """Write the pip configuration with a token of a quarter of an hour, the shortest there is."""
    index = source.index
    scheme, _, rest = index["pypi"].partition("://")
    return (
        (
            f"token=$(aws codeartifact get-authorization-token --domain {index['domain']} "
            f"--domain-owner {index['owner']} --duration-seconds 900 --query authorizationToken --output text)"
        ),
        f'(umask 077; printf "[global]\\nindex-url = {scheme}://aws:%s@{rest}\\n" "$token" > /tmp/pip.conf)',
    )


def _quoted(text: str) -> str:
    """A word that the shell leaves as it is."""
    return "'" + text.replace("'", "'\\''") + "'"
