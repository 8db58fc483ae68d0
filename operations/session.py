"""Work in a member account: by the role that the management account may take there."""

import boto3


class SignInError(Exception):
    """Credentials of another account than the one that is meant; the text is for the user."""


def session_in(account_id: str, role: str | None, name: str) -> boto3.Session:
    """Return a session in the account; without *role* the user's own, which must be in it.

    Args:
        account_id: the account [12 digits].
        role: name of the role to take there.
        name: name of the session in CloudTrail.

    Raises:
        SignInError: without *role*, the user's credentials are of another account.
    """
    own = boto3.Session()
    sts = own.client("sts", region_name=own.region_name or "us-east-1")
    if role is None:
        signed_in = sts.get_caller_identity()["Account"]
        if signed_in != account_id:
            raise SignInError(
                f"the credentials are of account {signed_in}; sign in to the management account {account_id}"
            )
        return own
    given = sts.assume_role(RoleArn=f"arn:aws:iam::{account_id}:role/{role}", RoleSessionName=name)["Credentials"]
    return boto3.Session(
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )
