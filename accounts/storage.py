"""Pure: which instance types keep data on their own NVMe disks, where SageMaker takes no volume key."""

import json
from functools import cache
from pathlib import Path


@cache
def _families() -> frozenset[str]:
    facts = json.loads(Path(__file__).with_name("facts").joinpath("local_storage.json").read_text(encoding="utf-8"))
    return frozenset(facts["families"])


def has_local_storage(instance_type: str) -> bool:
    """Say whether *instance_type* has local NVMe storage; its hardware encrypts it, no key can be named.

    Source: accounts/facts/local_storage.json.
    """
    return instance_type.split(".")[1] in _families()
