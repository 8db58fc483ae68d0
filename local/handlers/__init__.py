"""What the emulated AWS answers itself, one service a file; everything else is moto's."""

from importlib import import_module

ANSWERED = (
    *("access_analyzer", "account_creation", "athena", "budgets", "feature_records", "glue", "iam_changes"),
    *("identitystore", "kms", "network_in_use", "organization_rules", "portal", "presigned", "quotas_account"),
    *("quotas_sagemaker", "monitoring", "ram", "s3", "sagemaker", "service_quotas", "sso_admin", "sts", "studio"),
    *("composite_alarms", "containers", "code_build", "databases", "load_balancers", "certificates"),
    *("endpoint_services", "private_zones", "ram_rules", "transit_gateways", "transit_attachments", "transit_routes"),
    *("dns_firewall", "query_logs", "network_firewall", "firewall_rules", "gateways", "network_occupied"),
    *("ecr_registry", "studio_images", "scaling", "nat_gateways"),
    *("studio_sign_in", "account_names", "control_tower", "retired", "model_versions", "foreign_images"),
    *("code_artifact", "cloud_control", "jobs", "endpoints", "invocations", "mlflow", "athena_queries"),
    *("emr_serverless", "api_gateway"),
)
"""Importing one registers its operations."""

MENDED = (
    "accounts",
    "api_gateway",
    "containers",
    "databases",
    "ec2",
    "endpoints",
    "iam",
    "organizations",
    "remembered",
)
"""Each has an install() that corrects moto itself, where no operation of ours could."""


def install() -> None:
    """Make this process's moto the emulated AWS; once per process."""
    for name in ANSWERED:
        import_module(f"local.handlers.{name}")
    for name in MENDED:
        import_module(f"local.handlers.{name}").install()
