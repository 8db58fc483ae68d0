"""Names and values of environment variables, job arguments and parameters: which of them are secrets.

One list for every rule that judges names (secret_names.json): wide in words, narrow in what follows them, for a name
that goes on to say where a secret is, or what is to be known of it, holds none.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from policies.rules._documents import credentials_in

_WORDS: Final[Mapping[str, Sequence[str]]] = json.loads((Path(__file__).parent / "secret_names.json").read_text())

_HELD: Final = re.compile(rf"({'|'.join(_WORDS['held'])})[0-9]*(?=_|$)")
"""What is a secret, wherever it ends a word of the name: DB_PASSWORD_PROD, PGPASSWORD."""

_ABOUT: Final = frozenset(_WORDS["about"])
"""Words after it that say where it is, whose, or of what kind."""

_TOKEN: Final = re.compile(rf"(?:^|([A-Z0-9]*)_?)TOKEN[0-9]*(_({'|'.join(_WORDS['whose'])}))*$")
"""TOKEN, and whose. Most of what else follows speaks of a language model's tokens, or of how long one is good."""

_OF_A_MODEL: Final = frozenset(_WORDS["of_a_model"])
"""PAD_TOKEN and its like say how a language model reads, not how one signs in."""

_REFERENCE: Final = re.compile(
    r"arn:|\{\{|\$|<|(aws-?)?(ssm|sm|secrets?-?manager|parameter-?store|vault|file):"  # named elsewhere, or filled in
    r"|(/[\w.@-]+)+/?$|[\w./-]+\.(json|pem|key|crt|p12|jks|ya?ml|txt)$"  # a parameter's path, a file
    r"|(true|false|yes|no|on|off|none|null|enabled|disabled|required|optional|[01])$",
    re.IGNORECASE,
)
"""Values that are no secret, whatever the variable is called."""


def secret_in(name: str, value: object) -> str | None:
    """Say what secret the variable, argument or property *name* holds with *value*; None where it holds none."""
    if not isinstance(value, str) or not value or value.startswith("arn:"):
        return None
    if found := credentials_in(value):
        return found
    if _REFERENCE.match(value) or ("/" in value and _words(name).endswith(("SECRET", "CREDENTIALS"))):
        return None  # DB_SECRET=prod/db names a secret
    return "a secret in clear text" if is_secret_name(name) else None


@lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """Whether what is called *name* is meant to hold a secret."""
    words = _words(name)
    if words.startswith("ENCRYPTED_"):
        return False
    if any(_ABOUT.isdisjoint(words[found.end() :].split("_")) for found in _HELD.finditer(words)):
        return True
    token = _TOKEN.search(words)
    return token is not None and token[1] not in _OF_A_MODEL


def _words(name: str) -> str:
    """Return dbPassword, db-password and db.password as DB_PASSWORD."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.sub(r"[^A-Za-z0-9]+", "_", apart).strip("_").upper()
