"""Whose a token is: real signatures, judged by an STS that computes them anew, over real TLS."""

import base64
import datetime as dt
import json
import threading
import time

import botocore.auth
import pytest
from botocore.credentials import ReadOnlyCredentials
from hypothesis import given
from hypothesis import strategies as st
from mlz_mlflow import sts, token
from mlz_mlflow.refused import Refused

from tests.workloads.mlflow.amazon import REGION, Amazon, Authority
from tests.workloads.mlflow.within import ACCOUNTS, CREATE, SEARCH, Inside, bearing

STS = f"sts.{REGION}.amazonaws.com"


@pytest.fixture
def amazon(tmp_path, monkeypatch):
    one = Amazon(Authority(tmp_path))
    monkeypatch.setenv("HTTPS_PROXY", one.start())
    monkeypatch.setenv("SSL_CERT_FILE", str(one.authority.file))
    yield one
    one.stop()


def signed(amazon, *, account=ACCOUNTS["alpha"], role="mlz-training", audience="mlflow.test", region=REGION):
    return token.make(audience, region, amazon.session(account, role))


def at(seconds, monkeypatch):
    """Sign as if it were *seconds* from now."""
    moment = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda *_, **__: moment.replace(tzinfo=None))


def opened(text):
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def closed(parts):
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.shows("G16")
def test_a_role_of_a_teams_account_is_that_team(amazon):
    inside = Inside.of()

    assert (200, "reached") == inside.ask(headers=bearing(signed(amazon)))
    assert ("team-alpha", "alpha") == (inside.reached[0].user, inside.reached[0].headers["x-mlflow-workspace"])
    assert "authorization" not in inside.reached[0].headers


@pytest.mark.parametrize(
    ("what", "status"),
    [
        ({"account": "333333333333"}, 403),
        ({"role": "mlz-endpoint"}, 403),
        ({"role": "MLZ-TRAINING"}, 403),
        ({"role": "mlz-training2"}, 403),
        ({"account": "222222222222", "role": "mlz-admin"}, 403),
        ({"audience": "mlflow.other"}, 401),
        ({"audience": "MLFLOW.TEST"}, 401),
        ({"region": "us-east-1"}, 401),
    ],
    ids=str,
)
def test_no_other_role_audience_or_region_gets_in(amazon, what, status):
    inside = Inside.of()

    assert status == inside.ask(headers=bearing(signed(amazon, **what)))[0]
    assert [] == inside.reached


def test_sts_of_a_foreign_region_is_not_even_asked(amazon):
    Inside.of().ask(headers=bearing(signed(amazon, region="us-east-1")))

    assert [] == amazon.calls


def test_a_signature_of_the_right_form_is_not_enough(amazon):
    parts = opened(signed(amazon))
    parts["authorization"] = parts["authorization"][:-1] + ("0" if parts["authorization"][-1] != "0" else "1")

    assert 401 == Inside.of().ask(headers=bearing(closed(parts)))[0]
    assert [(STS, "/")] == amazon.calls


def test_credentials_nobody_issued_sign_nothing(amazon):
    assert {} == amazon.secret_of
    made_up = ReadOnlyCredentials("ASIAAAAAAAAAAAAAAAAA", "secret", "token")

    assert 401 == Inside.of().ask(headers=bearing(token.make("mlflow.test", REGION, made_up)))[0]


def test_the_session_of_one_role_does_not_pass_with_the_signature_of_another(amazon):
    parts, other = opened(signed(amazon)), opened(signed(amazon, account=ACCOUNTS["bravo"]))
    parts["x-amz-security-token"] = other["x-amz-security-token"]

    assert 401 == Inside.of().ask(headers=bearing(closed(parts)))[0]


@pytest.mark.parametrize(("seconds", "status"), [(-299, 200), (-301, 401), (55, 200), (65, 401), (-86400, 401)])
def test_a_token_works_for_five_minutes(amazon, monkeypatch, seconds, status):
    at(seconds + (1 if status == 200 and seconds < 0 else 0), monkeypatch)

    assert status == Inside.of().ask(headers=bearing(signed(amazon)))[0]


def test_an_old_token_with_a_new_date_has_no_signature(amazon, monkeypatch):
    at(-1000, monkeypatch)
    parts = opened(signed(amazon))
    parts["x-amz-date"] = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())

    assert 401 == Inside.of().ask(headers=bearing(closed(parts)))[0]


def test_whoever_has_a_token_can_use_it_until_it_ends_and_sts_is_asked_once(amazon, monkeypatch):
    inside, text = Inside.of(), signed(amazon)

    assert [200, 200, 200] == [inside.ask(headers=bearing(text))[0] for _ in range(3)]
    assert 1 == len(amazon.calls)

    now = time.time()
    monkeypatch.setattr(sts.time, "time", lambda: now + 301)
    assert 401 == inside.ask(headers=bearing(text))[0]


def test_a_token_for_this_server_is_worth_nothing_at_another(amazon):
    mine = signed(amazon)

    assert 200 == Inside.of().ask(headers=bearing(mine))[0]
    assert 401 == Inside.of(audience="mlflow.other").ask(headers=bearing(mine))[0]


def test_a_wrong_token_does_not_become_many_calls(amazon):
    inside, wrong = Inside.of(), signed(amazon, audience="mlflow.other")

    assert {401} == {inside.ask(headers=bearing(wrong))[0] for _ in range(5)}
    assert 1 == len(amazon.calls)


@pytest.mark.parametrize("left_out", ["x-mlz-audience", "content-type", "x-amz-security-token", "host"])
def test_all_that_says_what_is_asked_and_of_whom_must_be_signed(amazon, left_out):
    parts = opened(signed(amazon))
    parts["authorization"] = parts["authorization"].replace(f"{left_out};", "").replace(f";{left_out},", ",")

    assert 401 == Inside.of().ask(headers=bearing(closed(parts)))[0]
    assert [] == amazon.calls


@pytest.mark.parametrize(
    "change",
    [
        {"authorization": "AWS4-HMAC-SHA256 Credential=x\r\nHost: evil"},
        {"x-amz-security-token": "a\r\nX-Mlz-Audience: mlflow.test"},
        {"x-amz-date": "20260101T000000Z\n"},
        {"x-amz-date": None},
        {"authorization": ["list"]},
        {"authorization": {"a": 1}},
    ],
    ids=str,
)
def test_a_token_carries_no_header_of_its_own_to_sts(amazon, change):
    assert 401 == Inside.of().ask(headers=bearing(closed({**opened(signed(amazon)), **change})))[0]
    assert [] == amazon.calls


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_no_text_breaks_the_reader(text):
    with pytest.raises(Refused):
        token.read(text, {REGION}, time.time())


def test_without_sts_a_new_caller_waits_and_a_known_one_works(amazon):
    inside, known = Inside.of(), signed(amazon)
    inside.ask(headers=bearing(known))
    amazon.down = True

    assert 200 == inside.ask(headers=bearing(known))[0]
    assert 503 == inside.ask(headers=bearing(signed(amazon)))[0]

    amazon.down = False
    assert 200 == inside.ask(headers=bearing(signed(amazon)))[0]


def test_nobody_without_amazons_certificate_is_sts(amazon, monkeypatch, tmp_path):
    (tmp_path / "other").mkdir()
    monkeypatch.setenv("SSL_CERT_FILE", str(Authority(tmp_path / "other").file))

    assert 503 == Inside.of().ask(headers=bearing(signed(amazon)))[0]
    assert [] == amazon.calls


def test_sts_sends_the_server_nowhere_else(amazon):
    amazon.redirect = "https://evil.example/"

    assert Inside.of().ask(headers=bearing(signed(amazon)))[0] in {401, 503}
    assert {STS} == {host for host, _ in amazon.calls}


def test_a_reader_reads_and_does_not_write(amazon):
    inside, text = Inside.of(), signed(amazon, role="mlz-reviewer")

    assert 200 == inside.ask(SEARCH, bearing(text))[0]
    assert "readers-alpha" == inside.reached[0].user
    assert 403 == inside.ask(CREATE, bearing(text))[0]


def test_the_platforms_own_role_may_do_everything(amazon):
    inside, text = Inside.of(), signed(amazon, account="999999999999", role="mlz-admin")

    assert 200 == inside.ask("/api/2.0/mlflow/users/list", bearing(text), method="GET")[0]
    assert "mlz-platform" == inside.reached[0].user


def test_who_says_nothing_or_says_it_twice_stays_out(amazon):
    inside, text = Inside.of(), signed(amazon)
    basic = base64.b64encode(f"user:{text}".encode()).decode()
    for headers in (
        {},
        {"authorization": f"Basic {basic}"},
        {"authorization": text},
        [("authorization", f"Bearer {text}"), ("Authorization", f"Bearer {text}")],
        [("authorization", f"Bearer {text}"), ("x-amzn-oidc-data", "a.b.c")],
        {"cookie": f"token={text}"},
    ):
        assert inside.ask(headers=headers)[0] in {400, 401}
    assert [] == inside.reached


def test_checking_many_tokens_at_once_asks_once_a_token_and_mixes_nobody_up(amazon):
    inside = Inside.of()
    texts = {team: signed(amazon, account=account) for team, account in ACCOUNTS.items()}

    def ask(team):
        for _ in range(5):
            assert 200 == inside.ask(headers=bearing(texts[team], **{"x-mlflow-workspace": team}))[0]

    threads = [threading.Thread(target=ask, args=(team,)) for team in ("alpha", "bravo", "alpha", "bravo")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {("team-alpha", "alpha"), ("team-bravo", "bravo")} == {
        (one.user, one.headers["x-mlflow-workspace"]) for one in inside.reached
    }
    assert 20 == len(inside.reached)
