from functools import partial

import pytest

from components.access.outside import of_shares
from components.encryption.key_policy import ADMINISTRATION, DECRYPTION, ENCRYPTION, READING, SERVICES, key_policy
from tests.components.building import built, document
from tests.components.examples import READERS, keys
from tests.iam import condition_keys, reference
from tests.small_zone import REGION, ROLE
from zone.names import KEY_PURPOSES

PROVISIONING = f"arn:aws:iam::111111111111:role/{ROLE}"
GLOBAL = {"aws:PrincipalArn"}


def policy(purpose, shares=()):
    return key_policy(
        purpose,
        account_id="111111111111",
        region=REGION,
        provisioning_role=ROLE,
        outside=of_shares(shares),
    )["Statement"]


def many(value):
    return [value] if isinstance(value, str) else list(value)


@pytest.mark.shows("C1")
@pytest.mark.parametrize("purpose", KEY_PURPOSES)
def test_who_administers_a_key_cannot_use_it(purpose):
    administration, previews, *use = policy(purpose, READERS)

    assert {"ArnEquals": {"aws:PrincipalArn": PROVISIONING}} == administration["Condition"]
    assert set() == set(administration["Action"]) & {*DECRYPTION[:1], *ENCRYPTION, "kms:CreateGrant"}
    assert all(set() == set(many(s["Action"])) & set(ADMINISTRATION) - {"kms:DescribeKey"} for s in use)
    assert {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111111111111:role/mlz/mlz-preview"}} == previews[
        "Condition"
    ]
    assert set(READING) == set(previews["Action"])


@pytest.mark.shows("C1")
@pytest.mark.parametrize("purpose", [purpose for purpose, services in SERVICES.items() if services])
def test_a_key_is_used_through_its_services_and_not_by_the_provisioning_role(purpose):
    use = {s["Sid"]: s for s in policy(purpose)}["UseThroughServices"]["Condition"]

    assert {f"{service}.{REGION}.amazonaws.com" for service in SERVICES[purpose]} == set(
        use["StringEquals"]["kms:ViaService"]
    )
    assert PROVISIONING == use["ArnNotEquals"]["aws:PrincipalArn"]


@pytest.mark.parametrize("purpose", KEY_PURPOSES)
def test_every_use_has_a_condition_and_no_action_is_a_wildcard(purpose):
    for statement in policy(purpose, READERS):
        assert statement["Condition"], statement["Sid"]
        assert not [action for action in many(statement["Action"]) if "*" in action]


@pytest.mark.parametrize("purpose", KEY_PURPOSES)
def test_aws_knows_every_action_and_fills_every_condition_key(purpose):
    for statement in policy(purpose, READERS):
        used = {key.split(":aws:")[0] for operator in statement["Condition"].values() for key in operator} - GLOBAL
        for action in many(statement["Action"]):
            assert action.split(":")[1] in reference()["kms"]["privileges"], action
            assert used <= condition_keys(action) | {"kms:EncryptionContext"}, (statement["Sid"], action)


def test_the_provisioning_role_uses_a_key_only_to_create_a_domain_or_an_online_store():
    def users(statement):
        return statement["Condition"].get("ArnEquals", {}).get("aws:PrincipalArn")

    used = {purpose: [s for s in policy(purpose)[1:] if users(s) == PROVISIONING] for purpose in KEY_PURPOSES}

    assert {"studio": ["CreateDomain"], "online": ["CreateOnlineStore"]} == {
        purpose: [s["Sid"] for s in statements] for purpose, statements in used.items() if statements
    }
    assert all("kms:ViaService" in s["Condition"]["StringEquals"] for uses in used.values() for s in uses)


def test_the_logs_key_serves_log_groups_of_its_account_only():
    logs = {s["Sid"]: s for s in policy("logs")}["CloudWatchLogs"]

    assert {"Service": f"logs.{REGION}.amazonaws.com"} == logs["Principal"]
    assert f"arn:aws:logs:{REGION}:111111111111:log-group:*" in str(logs["Condition"])


def test_readers_of_shares_decrypt_through_s3_only():
    readers = [s for s in policy("data", READERS) if "222222222222" in str(s["Principal"])]

    assert 1 == len(readers)  # one for both shares: a key knows no prefixes. The online store has no bucket
    for statement in readers:
        assert set(DECRYPTION) == set(statement["Action"])
        assert f"s3.{REGION}.amazonaws.com" == statement["Condition"]["StringEquals"]["kms:ViaService"]
        assert statement["Condition"]["ArnLike"]["aws:PrincipalArn"]


@pytest.mark.shows("C1")
def test_keys_rotate_and_have_an_alias():
    recording = built(keys)
    made = {r.name: r for r in recording.of("aws:kms/key:Key")}
    aliases = {r.inputs["name"]: r.inputs["targetKeyId"] for r in recording.of("aws:kms/alias:Alias")}

    assert all(key.inputs["enableKeyRotation"] for key in made.values())
    assert aliases == {
        "alias/mlz/dev-fraud/data": made["fraud-data"].outputs["keyId"],
        "alias/mlz/dev-fraud/logs": made["fraud-logs"].outputs["keyId"],
    }


def test_shares_reach_the_data_key_and_no_other():
    made = {r.name: document(r) for r in built(keys).of("aws:kms/key:Key")}

    assert "222222222222" in str(made["fraud-data"])
    assert "222222222222" not in str(made["fraud-logs"])


@pytest.mark.parametrize("disposable", [True, False])
def test_a_key_stays_unless_the_account_is_disposable(disposable):
    for key in built(partial(keys, disposable=disposable)).of("aws:kms/key:Key"):
        assert (not disposable, not disposable) == (key.protect, key.retain_on_delete)


def test_a_key_of_what_is_kept_stays_of_a_disposable_account_too():
    made = {key.name: key for key in built(partial(keys, disposable=True, kept=["logs"])).of("aws:kms/key:Key")}

    assert {"fraud-data": (False, False), "fraud-logs": (False, True)} == {
        name: (key.protect, key.retain_on_delete) for name, key in made.items()
    }
