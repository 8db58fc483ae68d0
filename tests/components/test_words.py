"""Words that would silently give more, or less, than was meant are refused by the component that takes them."""

from dataclasses import replace

import pulumi
import pytest

from components.access.identity import Identity
from components.access.outside import Outside
from components.access.team import Share, Stores
from components.encryption.keys import Keys
from components.ml.features import Features
from components.ml.mlflow import Mlflow
from components.ml.models import Models
from components.ml.studio import ProfileArgs, Studio
from components.storage.bucket import Bucket
from tests.components.building import built
from tests.components.examples import arguments

SHARE = Share(name="trips", kind="dataset", team="churn", account_key="dev-churn", account_id="222222222222")
ANYBODY = Outside(sid="A", account_ids=["222222222222"], roles=["*"], prefix="", write=False)


def with_changed(component, change):
    """Build a component's example with its arguments changed."""
    return built(lambda opts: component("changed", change(arguments(component, opts)[1]), opts))


def team(**changes):
    return lambda args: replace(args, team=replace(args.team, **changes))


CASES = {
    "purpose 'nix' is unknown; there are data, online, models": (Keys, lambda args: replace(args, purposes=["nix"])),
    "purpose of outside 'data' is unknown; there are logs": (Keys, lambda args: replace(args, purposes=["logs"])),
    "role outside '*' is no name": (Keys, lambda args: replace(args, outside={"data": [ANYBODY]})),
    "role outside '*' is no": (Bucket, lambda args: replace(args, outside=[ANYBODY])),
    "persona 'ml_engineer' is unknown": (Identity, team(personas=["ml_engineer"])),
    "use of instance types 'notebok' is unknown": (Identity, team(instance_types={"notebok": []})),
    "data class 'Restricted' is unknown": (Identity, team(data_class="Restricted")),
    "kind of share 'table' is unknown": (Identity, team(reads=[replace(SHARE, kind="table")])),
    "key of purpose 'data' is unknown; there are models": (
        Identity,
        lambda args: replace(args, key_arns={"models": "arn"}),
    ),
    "team '*' is no name": (Identity, team(name="*")),
    "team '' is no name": (Identity, team(reads=[replace(SHARE, team="")])),
    "account 'dev-*' is no name": (Identity, team(account_key="dev-*")),
    "data set 'a/b' is no name": (Identity, team(datasets=["a/b"])),
    "feature group '?' is no name": (Identity, team(feature_groups={"?": Stores(offline=True, online=False)})),
    "model '${aws:username}' is no name": (Identity, team(models=["${aws:username}"])),
    "share '*' is no name": (Identity, team(reads=[replace(SHARE, name="*")])),
    "kind of share 'table' is": (Features, lambda args: replace(args, shares=[replace(SHARE, kind="table")])),
    "share '*' is no": (Features, lambda args: replace(args, shares=[replace(SHARE, name="*")])),
    "team '*' is no": (Features, lambda args: replace(args, team="*")),
    "model '*' is no": (Models, lambda args: replace(args, models=["*"])),
    "team 'a/b' is no": (Mlflow, lambda args: replace(args, teams={"a/b": "222222222222"})),
    "way to sign in 'sso' is unknown; there are IAM, SSO": (Studio, lambda args: replace(args, auth_mode="sso")),
    "role of a profile 'boss' is unknown; there are data-scientist": (
        Studio,
        lambda args: replace(args, profiles={"ada": ProfileArgs(role="boss", email="", may_open=True)}),
    ),
    "role 'data-scientist' is unknown; there are none": (
        Studio,
        lambda args: replace(args, profiles={}, role_arns={}),
    ),
    "owner of a shared space 'bob' is unknown; there are none": (
        Studio,
        lambda args: replace(args, profiles={}, shared_spaces={"team": "bob"}),
    ),
}


@pytest.mark.parametrize(("said", "case"), CASES.items(), ids=CASES)
def test_such_a_word_is_refused(said, case):
    component, change = case

    with pytest.raises(pulumi.RunError) as error:
        with_changed(component, change)
    assert said in str(error.value)


@pytest.mark.parametrize("component", [Bucket, Features, Identity, Keys, Mlflow, Models, Studio])
def test_what_is_meant_is_made(component):
    assert with_changed(component, lambda args: args).made()


def test_what_is_shared_between_known_accounts_is_made():
    assert with_changed(Identity, team(reads=[SHARE, replace(SHARE, kind="online")])).made()
