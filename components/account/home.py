"""An account as a hook of the engine reaches it: AWS itself, for what no resource of the provider does."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Home:
    """Where something lives, and who may change it."""

    account_id: str
    """Account [12 digits]."""

    region: str
    """Region."""

    role: str
    """Role to take there from another account."""

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3 ships no types
        """Return a *service* of the account: with the caller's own credentials if they are of it, else by the role."""
        import boto3  # noqa: PLC0415 - heavy, and needed by hooks only

        own = boto3.Session()
        sts = own.client("sts", region_name=self.region)
        if sts.get_caller_identity()["Account"] == self.account_id:
            return own.client(service, region_name=self.region)
        arn = f"arn:aws:iam::{self.account_id}:role/{self.role}"
        given = sts.assume_role(RoleArn=arn, RoleSessionName="mlz-hook")["Credentials"]
        return own.client(
            service,
            region_name=self.region,
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
        )
