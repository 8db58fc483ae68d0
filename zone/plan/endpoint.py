"""The plan of one VPC endpoint."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class EndpointPlan:
    """One VPC endpoint the declared features need."""

    key: str
    """Short name, e.g. sagemaker-api, s3."""

    service: str
    """Full service name, e.g. com.amazonaws.eu-west-1.sagemaker.api; empty: the platform has not made it yet."""

    gateway: bool
    """Gateway endpoint (S3, DynamoDB) or interface endpoint."""

    features: tuple[str, ...]
    """Declared features that need it, for the plan's and the report's reader."""

    policy_supported: bool
    """Whether AWS takes an endpoint policy for the service."""

    host: str = ""
    """Name under which the network finds a service that is not AWS's; empty: AWS's own names lead to it."""
