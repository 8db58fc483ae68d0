"""STS says who signed only where the secret key did: what a service that is handed a signed request relies on."""

import http.client
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import botocore.auth
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

ROLE = "arn:aws:iam::222222222222:role/OrganizationAccountAccessRole"
HOST = "sts.eu-west-1.amazonaws.com"
BODY = b"Action=GetCallerIdentity&Version=2011-06-15"


@pytest.fixture(scope="module")
def given(client):
    return client("sts").assume_role(RoleArn=ROLE, RoleSessionName="job")["Credentials"]


@pytest.fixture
def signed(given):
    """The headers of a signed request for an identity, with what a test changes of it."""

    def sign(
        *, secret=None, token=None, region="eu-west-1", service="sts", audience="mlflow", at=None, monkeypatch=None
    ):
        if at is not None:
            monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda **_: at)
        credentials = Credentials(
            given["AccessKeyId"], secret or given["SecretAccessKey"], given["SessionToken"] if token is None else token
        )
        headers = {"Host": HOST, "Content-Type": "application/x-www-form-urlencoded", "X-Audience": audience}
        request = AWSRequest("POST", f"https://{HOST}/", headers=headers, data=BODY)
        SigV4Auth(credentials, service, region).add_auth(request)
        return dict(request.headers)

    return sign


@pytest.fixture
def ask(cloud):
    """Send a request on, as a service does that was handed it; status and text."""

    def send(headers, body=BODY, method="POST", path="/"):
        connection = http.client.HTTPConnection(urlsplit(cloud.endpoint).netloc, timeout=20)
        try:
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    return send


def test_who_signed_is_named_whoever_sends_it_on(ask, signed):
    status, text = ask(signed())

    assert 200 == status
    assert "arn:aws:sts::222222222222:assumed-role/OrganizationAccountAccessRole/job" in text


def test_a_request_signed_with_another_secret_is_refused(ask, signed):
    status, text = ask(signed(secret="guessed"))

    assert 403 == status
    assert "<Code>SignatureDoesNotMatch</Code>" in text


@pytest.mark.parametrize(
    "change",
    [
        {"X-Audience": "another"},
        {"Host": "sts.us-east-1.amazonaws.com"},
        {"Content-Type": "application/x-www-form-urlencoded; charset=latin-1"},
    ],
)
def test_what_was_signed_may_not_be_changed(ask, signed, change):
    status, text = ask({**signed(), **change})

    assert (403, True) == (status, "SignatureDoesNotMatch" in text)


def test_another_body_than_the_signed_one_is_refused(ask, signed):
    status, text = ask(signed(), BODY + b"&Extra=1")

    assert (403, True) == (status, "SignatureDoesNotMatch" in text)


def test_an_amazon_header_nobody_signed_is_refused(ask, signed):
    status, text = ask({**signed(), "X-Amz-Team": "fraud"})

    assert (403, True) == (status, "must be a &#x27;SignedHeader&#x27;" in text or "must be a 'SignedHeader'" in text)


def test_a_foreign_session_token_is_refused(ask, signed):
    status, text = ask(signed(token="another"))

    assert (403, True) == (status, "InvalidClientTokenId" in text)


@pytest.mark.parametrize(("minutes", "words"), [(-16, "Signature expired"), (16, "Signature not yet current")])
def test_a_signature_lives_fifteen_minutes(ask, signed, monkeypatch, minutes, words):
    at = datetime.now(UTC) + timedelta(minutes=minutes)

    status, text = ask(signed(at=at, monkeypatch=monkeypatch))

    assert (403, True) == (status, words in text)


def test_a_signature_of_ten_minutes_ago_still_holds(ask, signed, monkeypatch):
    at = datetime.now(UTC) - timedelta(minutes=10)

    assert 200 == ask(signed(at=at, monkeypatch=monkeypatch))[0]


def test_nobody_is_somebody_without_a_signature(ask):
    status, text = ask({"Host": HOST, "Content-Type": "application/x-www-form-urlencoded"})

    assert (403, True) == (status, "MissingAuthenticationToken" in text)


def test_a_key_that_was_never_handed_out_is_nobodys(ask, signed, given):
    headers = signed()
    headers["Authorization"] = headers["Authorization"].replace(given["AccessKeyId"], "ASIAMADEUPMADEUP1234")

    status, text = ask(headers)

    assert (403, True) == (status, "InvalidClientTokenId" in text)
