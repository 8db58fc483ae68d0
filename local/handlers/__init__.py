"""What the emulated AWS answers itself, one service a file; everything else is moto's."""

from importlib import import_module

SERVICES = ("access_analyzer", "budgets", "ram", "s3", "sagemaker", "sso_admin")


def install() -> None:
    """Register all handlers and mend moto, once per process."""
    for service in SERVICES:
        import_module(f"local.handlers.{service}")
    import_module("local.handlers.accounts").install()
