"""People with a browser: what the load balancer says of them, verified as AWS's page says."""

import base64
import json
import time

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from mlz_mlflow.people import Visitors
from mlz_mlflow.settings import People

from tests.workloads.mlflow.amazon import REGION, Amazon, Authority
from tests.workloads.mlflow.within import CREATE, SEARCH, Inside

BALANCER = f"arn:aws:elasticloadbalancing:{REGION}:999999999999:loadbalancer/app/mlflow/0123456789abcdef"
PEOPLE = {
    "load_balancer": BALANCER,
    "issuer": "https://idp.test",
    "client": "mlflow",
    "claim": "groups",
    "groups": {"ml-alpha": "alpha", "ml-bravo": "bravo"},
    "reader_groups": {"auditors": "alpha"},
}
KEY = ec.generate_private_key(ec.SECP256R1())
PAGE = {"host": "mlflow.test", "origin": "https://mlflow.test", "sec-fetch-site": "same-origin"}


@pytest.fixture
def amazon(tmp_path, monkeypatch):
    one = Amazon(Authority(tmp_path))
    one.public_keys["key-1"] = pem(KEY)
    monkeypatch.setenv("HTTPS_PROXY", one.start())
    monkeypatch.setenv("SSL_CERT_FILE", str(one.authority.file))
    yield one
    one.stop()


@pytest.fixture
def inside(amazon):
    assert amazon.public_keys
    return Inside.of(people=PEOPLE)


def pem(key):
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


LONG_AGO = 1_000_000_000
"""In 2001 [s]; the present moment would name a test otherwise in each process."""


def padded(raw):
    return base64.urlsafe_b64encode(raw).decode()


def said(groups=("ml-alpha",), key=KEY, header=None, payload=None, sign=None):
    """What a load balancer adds: padded base64, ES256 as two numbers."""
    head = {
        "typ": "JWT",
        "kid": "key-1",
        "alg": "ES256",
        "iss": "https://idp.test",
        "client": "mlflow",
        "signer": BALANCER,
        "exp": int(time.time()) + 120,
        **(header or {}),
    }
    claims = {"sub": "1234", "email": "ann@example.org", "groups": list(groups), **(payload or {})}
    text = f"{padded(json.dumps(head).encode())}.{padded(json.dumps(claims).encode())}"
    numbers = decode_dss_signature(key.sign(text.encode(), ec.ECDSA(SHA256())))
    signature = b"".join(number.to_bytes(32, "big") for number in numbers) if sign is None else sign
    return f"{text}.{padded(signature)}"


def ask(inside, text, path=SEARCH, **headers):
    return inside.ask(path, {"x-amzn-oidc-data": text, **PAGE, **headers})


@pytest.mark.shows("G16")
def test_a_persons_group_says_the_team(inside, amazon):
    assert [200, 200] == [ask(inside, said())[0], ask(inside, said(["ml-bravo", "staff"]))[0]]
    assert ["team-alpha", "team-bravo"] == [one.user for one in inside.reached]
    assert [(f"public-keys.auth.elb.{REGION}.amazonaws.com", "/key-1")] == amazon.calls


@pytest.mark.parametrize(
    "change",
    [
        {"key": ec.generate_private_key(ec.SECP256R1())},
        {"header": {"signer": BALANCER.replace("0123456789abcdef", "fedcba9876543210")}},
        {"header": {"iss": "https://evil.test"}},
        {"header": {"client": "other"}},
        {"header": {"alg": "none"}, "sign": b""},
        {"header": {"alg": "HS256"}},
        {"header": {"exp": LONG_AGO}},
        {"header": {"exp": "soon"}},
        {"payload": {"exp": LONG_AGO}},
        {"header": {"kid": "key-2"}},
        {"header": {"kid": "../../evil"}},
        {"header": {"kid": "key-1?x"}},
        {"header": {"kid": 1}},
        {"sign": b""},
        {"sign": bytes(64)},
        {"sign": b"\xff" * 64},
        {"sign": b"\x01" * 63},
    ],
    ids=lambda change: "another key" if "key" in change else str(change),
)
def test_what_our_load_balancer_did_not_say_is_refused(inside, change):
    assert 401 == ask(inside, said(**change))[0]
    assert [] == inside.reached


@pytest.mark.parametrize("text", ["a.b.c", "..", "a", "a.b.c.d", "e30=.e30=.AA==", "W10=.W10=.AA==", "x" * 20_000])
def test_what_is_no_word_of_a_load_balancer_is_refused(inside, text):
    assert 401 == ask(inside, text)[0]


def test_the_claims_of_one_do_not_pass_with_the_signature_of_another(inside):
    one, other = said(["ml-alpha"]).split("."), said(["ml-bravo"]).split(".")

    assert 401 == ask(inside, ".".join([one[0], other[1], one[2]]))[0]


@pytest.mark.parametrize("groups", [[], ["staff"], ["ML-ALPHA"], [["ml-alpha"]], [None]], ids=str)
def test_who_is_in_no_group_with_a_team_stays_out(inside, groups):
    assert 403 == ask(inside, said(groups))[0]


def test_a_reader_group_reads_and_does_not_write(inside):
    assert 200 == ask(inside, said(["auditors"]))[0]
    assert 403 == ask(inside, said(["auditors"]), CREATE)[0]
    assert 200 == ask(inside, said(["auditors", "ml-alpha"]), CREATE)[0]


def test_a_person_of_two_teams_says_which(inside):
    both = said(["ml-alpha", "ml-bravo"])
    page = inside.ask("/api/3.0/mlflow/workspaces", {"x-amzn-oidc-data": both, **PAGE}, method="GET")

    assert {"workspaces": [{"name": "alpha"}, {"name": "bravo"}]} == json.loads(page[1])
    assert 200 == ask(inside, both, **{"x-mlflow-workspace": "bravo"})[0]
    assert "team-bravo" == inside.reached[0].user


@pytest.mark.parametrize(
    "page",
    [
        {"origin": "https://evil.test"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://mlflow.test"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
    ids=str,
)
def test_another_page_writes_nothing_in_a_persons_name(inside, page):
    assert 403 == ask(inside, said(), CREATE, **page)[0]


def test_a_server_without_people_lets_no_browser_in(amazon):
    assert amazon.public_keys
    assert 401 == ask(Inside.of(), said())[0]


def test_a_key_of_another_kind_verifies_nothing(inside, amazon):
    amazon.public_keys["key-3"] = pem(ec.generate_private_key(ec.SECP384R1()))

    assert 401 == ask(inside, said(header={"kid": "key-3"}))[0]


def test_without_the_keys_host_a_person_waits(inside, amazon):
    amazon.down = True

    assert 503 == ask(inside, said())[0]


def test_the_signer_must_be_a_load_balancer():
    with pytest.raises(ValueError, match="no Application Load Balancer"):
        Visitors(People(**{**PEOPLE, "load_balancer": "arn:aws:s3:::bucket"}))
