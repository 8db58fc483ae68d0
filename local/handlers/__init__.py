"""What the emulated AWS answers itself, one service a file; everything else is moto's."""


def install() -> None:
    """Register all handlers and mend moto, once per process."""
    from local.handlers import accounts, s3, sagemaker  # noqa: F401, PLC0415 - importing them registers them

    accounts.install()
