"""The tags every account and every resource in it carries."""

from zone.specs.vocabulary import DataClass


def required_tags(
    *, owner: str, cost_centre: str, environment: str, account: str, data_class: DataClass
) -> dict[str, str]:
    """Return the required tags by key."""
    return {
        "mlz:owner": owner,
        "mlz:cost-centre": cost_centre,
        "mlz:environment": environment,
        "mlz:account": account,
        "mlz:data-class": data_class.value,
    }
