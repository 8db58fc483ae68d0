"""One change a field: file, text and what stands there afterwards, by the row of docs/changing.md it tries."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    field: str
    file: str
    old: str
    new: str
    stack: str = "dev-churn"
    """Where it would show: what the rehearsal builds before and after."""


CHURN, FRAUD, DEV, ORG = "dev/churn.yaml", "dev/fraud.yaml", "dev/environment.yaml", "org/environment.yaml"
REFUSED = (
    Case("management_account_id", ORG, '"111122223333"', '"111122224444"', "org"),
    Case("home_region", ORG, "home_region: eu-west-1", "home_region: eu-central-1", "org"),
    Case("email", CHURN, "aws+dev-churn@", "aws+churn@", "org"),
    Case("region", DEV, "region: eu-west-1", "region: eu-central-1"),
    Case("zones", DEV, "zones: [a, b]", "zones: [b, a]"),
    Case("zones", DEV, "zones: [a, b]", "zones: [a, c]"),
    Case("zones", DEV, "zones: [a, b]", "zones: [c, a, b]"),
    Case("studio_auth", DEV, "IAM\n", "SSO\n"),
    Case("mlflow.mode", DEV, "{mode: shared, isolation: none, size: Small}", "{mode: per_team}", "dev"),
    Case("members (key)", CHURN, "emma-larsen:", "emma:"),
    Case("members.*.email (SSO)", "prod/churn.yaml", "emma.larsen@", "emma.l@", "prod-churn"),
    Case("studio.shared_spaces", FRAUD, "investigation: ana-silva", "investigation: ben-okoye", "dev-fraud"),
    Case("studio.keep_home", FRAUD, "keep_home: false", "keep_home: true", "dev-fraud"),
    Case("feature_groups.*.record_id", FRAUD, "record_id: card_id", "record_id: countries_24h", "dev-fraud"),
    Case("feature_groups.*.event_time", FRAUD, "event_time: observed_at", "event_time: amount_1h", "dev-fraud"),
    Case("feature_groups.*.online", CHURN, "online: false", "online: true"),
    Case("feature_groups.*.offline", CHURN, "online: false\n    offline: true", "online: true\n    offline: false"),
    Case("feature_groups.*.features (removed)", CHURN, "      logins_7d: Integral\n", ""),
    Case("feature_groups.*.features (type)", CHURN, "logins_7d: Integral", "logins_7d: String"),
)

REFUSED_BY_BLOCK = (
    Case("network.prefix, profile", CHURN, "prefix: 24", "prefix: 23"),
    Case("network.prefix, profile", FRAUD, "profile: tabular", "profile: gpu-batch", "dev-fraud"),
    Case("on_premises (over a block)", ORG, "192.168.0.0/16]", "192.168.0.0/16, 10.64.16.0/20]"),
)

IN_PLACE = (
    Case("owner, cost_centre, data_class", CHURN, "owner: churn-lead@", "owner: lead@"),
    Case("owner, cost_centre, data_class", CHURN, "data_class: internal", "data_class: confidential"),
    Case("budget_usd_per_month, budget_alert_email", CHURN, "1500", "1600"),
    Case("budget_usd_per_month, budget_alert_email", ORG, "finops@", "money@", "org"),
    Case("allowed_regions, opt_in_regions", ORG, "eu-central-1]", "eu-central-1, eu-north-1]", "org"),
    Case("organizational_unit", DEV, "Workloads/Dev", "Workloads/Development", "org"),
    Case("address_pool", DEV, "10.64.0.0/14", "10.72.0.0/14"),
    Case("zones (one more at the end)", DEV, "zones: [a, b]", "zones: [a, b, c]"),
    Case(
        "sign_in",
        DEV,
        "{by: identity_center}",
        "{by: federation, trusted: [saml-provider/corp]}",
    ),
    Case("mlflow.size", DEV, "size: Small", "size: Large", "dev"),
    Case("log_retention_days", DEV, "log_retention_days: 90", "log_retention_days: 180"),
    Case("key_deletion_days", DEV, "key_deletion_days: 7", "key_deletion_days: 30"),
    Case("disposable", CHURN, "disposable: true\n", ""),
    Case(
        "members (new), members.*.persona",
        CHURN,
        "members:\n",
        "members:\n  zoe: {email: z@a.com, persona: operator}\n",
    ),
    Case("members (new), members.*.persona", CHURN, "persona: data_scientist", "persona: reviewer"),
    Case("members.*.email (IAM)", CHURN, "emma.larsen@", "emma.l@"),
    Case(
        "studio.idle_minutes, studio.space_storage_gb",
        FRAUD,
        "  keep_home",
        "  idle_minutes: 90\n  keep_home",
        "dev-fraud",
    ),
    Case(
        "studio.idle_minutes, studio.space_storage_gb",
        FRAUD,
        "  keep_home",
        "  space_storage_gb: 40\n  keep_home",
        "dev-fraud",
    ),
    Case(
        "instance_types, max_instances_per_job, max_runtime_hours",
        CHURN,
        "[ml.m5.large]",
        "[ml.c5.xlarge, ml.m5.large]",
    ),
    Case(
        "instance_types, max_instances_per_job, max_runtime_hours",
        CHURN,
        "models:",
        "max_instances_per_job: 1\nmodels:",
    ),
    Case("datasets", CHURN, "  scores: {}", "  marks: {}"),
    Case("reads, shared_with", CHURN, "reads: [fraud/chargebacks]", "reads: []"),
    Case("models (new)", CHURN, "[churn-xgboost]", "[churn-xgboost, churn-linear]"),
    Case(
        "endpoints",
        CHURN,
        "datasets:\n",
        "endpoints: {scores: {model: churn-xgboost, instance_type: ml.m5.large, capture: 100}}\ndatasets:\n",
    ),
    Case("feature_groups.*.features (new)", CHURN, "      spend_30d:", "      returns_30d: Integral\n      spend_30d:"),
    Case(
        "feature_groups.*.features (order)",
        CHURN,
        "      logins_7d: Integral\n      spend_30d: Fractional\n",
        "      spend_30d: Fractional\n      logins_7d: Integral\n",
    ),
    Case("feature_groups.*.description", CHURN, "How a customer used", "How somebody used"),
    Case("quotas, policy_exceptions", DEV, "L-CCE2AFA6: 2", "L-CCE2AFA6: 4"),
)
