"""What the emulated AWS answers itself, one service a file; everything else is moto's."""

from importlib import import_module

ANSWERED = (
    *("access_analyzer", "athena", "budgets", "feature_records", "presigned", "ram", "registry", "running", "s3"),
    *("sagemaker", "service_quotas", "sso_admin", "sts"),
)
"""Importing one registers its operations."""

MENDED = ("accounts", "ec2", "iam", "organizations")
"""Each has an install() that corrects moto itself, where no operation of ours could."""


def install() -> None:
    """Make this process's moto the emulated AWS; once per process."""
    for name in ANSWERED:
        import_module(f"local.handlers.{name}")
    for name in MENDED:
        import_module(f"local.handlers.{name}").install()
