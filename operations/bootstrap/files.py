"""Pulumi's own files: which backend, and how each environment's secrets are encrypted. All of them are committed."""

import base64
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from operations.bootstrap.work import CHANGE, MAKE, Work
from zone import names

_KIND: Final = "file"
_KEY_BYTES: Final = 32
"""Length of Pulumi's data key [bytes]. Source: pulumi/pulumi pkg/secrets/cloud, GenerateNewDataKey, read 2026-11-30."""

_HEAD: Final = """\
# How {environment}'s stacks are deployed: one file, one key. What exists is said in accounts/{environment}/.
# ./mlz hands it to pulumi; by hand: pulumi preview -s {environment} --config-file {file}
"""


def backend_url(bucket: str, region: str) -> str:
    """Return Pulumi's address of the state bucket."""
    return f"s3://{bucket}?region={region}"


def provider_url(environment: str, region: str) -> str:
    """Return Pulumi's address of the environment's key."""
    return f"awskms://{names.state_key_alias(environment)}?region={region}"


def project_name(project: Path) -> str:
    """Return the name of Pulumi's project: a part of what its objects in the bucket are called."""
    return str(YAML(typ="safe", pure=True).load(project / "Pulumi.yaml")["name"])


def files(kms: Any, project: Path, *, bucket: str, region: str, environments: Sequence[str], work: Work) -> None:
    """Have the files name bucket and keys; what somebody chose otherwise stays.

    Args:
        kms: a client of the home region.
        project: folder of Pulumi.yaml.
        bucket: the state bucket.
        region: the home region.
        environments: folders of accounts/.
        work: changes and keeps what it saw.
    """
    _backend(project / "Pulumi.yaml", backend_url(bucket, region), work)
    for environment in environments:
        _settings(kms, project / names.settings_file(environment), environment, region, work)


def _backend(file: Path, url: str, work: Work) -> None:
    text = file.read_text(encoding="utf-8")
    chosen = (YAML(typ="safe", pure=True).load(text).get("backend") or {}).get("url")
    if chosen is None:
        added = f"{_ended(text)}# Where Pulumi keeps its state; PULUMI_BACKEND_URL wins.\nbackend:\n  url: {url}\n"
        work.change(CHANGE, _KIND, file.name, f"backend: {url}", lambda: _write(file, added))
    elif chosen == url:
        work.found(_KIND, file.name, f"backend: {url}")
    else:
        work.found(_KIND, file.name, f"names a backend of its own, {chosen}: left as it is")


def _settings(kms: Any, file: Path, environment: str, region: str, work: Work) -> None:
    wanted = provider_url(environment, region)
    there = file.exists()
    text = file.read_text(encoding="utf-8") if there else _HEAD.format(environment=environment, file=file.name)
    settings = YAML(typ="safe", pure=True).load(text) or {}
    chosen, sealed = settings.get("secretsprovider", None if there else wanted), settings.get("encryptedkey")
    same_key = str(chosen).partition("?")[0] == wanted.partition("?")[0]
    if chosen is None:
        work.found(_KIND, file.name, "no secretsprovider, so a passphrase: left as it is")
    elif chosen != wanted and (sealed or not same_key):
        work.found(_KIND, file.name, f"{chosen}: left as it is")
    elif sealed:
        work.found(_KIND, file.name)
    else:

        def write() -> None:
            # The data key as Pulumi would make it with the first stack: here, no job of the CI has to commit it.
            key = kms.encrypt(KeyId=names.state_key_alias(environment), Plaintext=secrets.token_bytes(_KEY_BYTES))
            others = [line for line in text.splitlines() if not line.startswith("secretsprovider:")]
            sealed_key = base64.b64encode(key["CiphertextBlob"]).decode()
            _write(file, "\n".join([*others, f"secretsprovider: {wanted}", f"encryptedkey: {sealed_key}", ""]))

        note = f"{wanted}, and a data key that only this key opens"
        work.change(CHANGE if there else MAKE, _KIND, file.name, note, write)


def _ended(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"


def _write(file: Path, text: str) -> None:
    """Whole or not at all."""
    partial = file.with_name(f"{file.name}.part")
    partial.write_text(text, encoding="utf-8")
    partial.rename(file)
