"""A team's Studio torn down on the emulated AWS: what goes, stays or is in the way, and going on after a kill."""

from dataclasses import replace
from itertools import count

import pytest
from botocore.exceptions import ClientError

from local.cloud import UNSET, private_cloud
from local.deployment import identities
from operations.session import session_in
from operations.teardown.found import GOES, STAYS, look
from operations.teardown.leaver import Leaver
from operations.teardown.patience import StuckError
from operations.teardown.remove import tear_down
from operations.teardown.studio import Studio
from tests.local.people import allow, document
from tests.operations.place import Place, arn_of, patience
from zone.plan.planner import read
from zone.specs.account import Studio as StudioSpec

STACK = "dev-churn"
BLOCKS = count()
"""A test has a VPC of its own, told apart by its addresses."""


@pytest.fixture(scope="module")
def zone():
    return read()


@pytest.fixture(scope="module")
def cloud(tmp_path_factory, zone):
    known = identities(zone)
    known.quotas[zone.organization.accounts[STACK].email] |= {"vpc/L-F678F1CE": 100}  # a VPC for each test
    with private_cloud(tmp_path_factory.mktemp("cloud"), known) as running:
        yield running


@pytest.fixture
def session(cloud, zone, monkeypatch):
    for name in UNSET:
        monkeypatch.delenv(name, raising=False)
    for name, value in cloud.env("eu-west-1").items():
        monkeypatch.setenv(name, value)
    account = zone.teams[STACK].account
    return session_in(account.account_id, account.role, "test")


@pytest.fixture
def place(session, zone):
    """Make a Place; keep_home as given."""
    plan = zone.teams[STACK]
    network = replace(plan.network, cidr=f"10.{100 + next(BLOCKS)}.0.0/24")
    made = []

    def start(keep_home=None):
        made.append(Place(session, replace(plan, network=network, studio=StudioSpec(keep_home=keep_home))))
        return made[0]

    yield start
    for each in made:
        studio = Studio(each.plan, session)
        for app in each.sagemaker.list_apps(DomainIdEquals=each.domain["DomainId"])["Apps"]:
            each.sagemaker.delete_tags(ResourceArn=arn_of(each, app), TagKeys=["mlz-rehearsal"])
        tear_down(studio, patience())


GONE = {"domain": [], "home": [], "interfaces": [], "groups": []}


@pytest.mark.shows("E12", "S6", "T2")
def test_a_studio_in_use_goes_whole_and_only_its_network_is_let_go(place, session):
    here = place(keep_home=False)
    here.person("emma-larsen")
    said = []

    tear_down(Studio(here.plan, session), patience(said))

    assert GONE == here.left()
    assert "waiting for app own-emma-larsen/JupyterLab/default" == said[0]
    assert any(text.startswith("waiting for domain d-") for text in said)
    here.ec2.delete_subnet(SubnetId=here.subnet)
    here.ec2.delete_vpc(VpcId=here.vpc)


@pytest.mark.shows("S6")
def test_before_anything_happens_it_says_what_goes_what_is_lost_and_what_stays(place, session):
    here = place(keep_home=False)
    here.person("emma-larsen")
    before = here.left()

    rows = look(Studio(here.plan, session))

    goes = [(row.kind, row.note) for row in rows if row.fate == GOES]
    assert [
        ("app", "InService; unsaved work is lost"),
        ("space", "private, of emma-larsen; its volume and the files on it are lost"),
        ("profile", "its home directory is lost"),
        ("domain", "mlz-dev-churn"),
    ] == goes[:4]
    assert ["mount target", "file system", "interface", "group", "group"] == [kind for kind, _ in goes[4:]]
    stays = {row.kind: row for row in rows if row.fate == STAYS}
    assert {"log group", "offline store"} == set(stays)
    assert (
        "aws logs delete-log-group --region eu-west-1 --log-group-name /aws/sagemaker/studio" == stays["log group"].note
    )
    assert before == here.left()


def test_a_home_that_is_kept_keeps_its_files_but_not_the_network(place, session):
    here = place(keep_home=True)
    here.person("emma-larsen")
    studio = Studio(here.plan, session)
    assert "its home directory stays" in [row.note for row in look(studio)]

    tear_down(studio, patience())

    left = here.left()
    assert [here.home["FileSystemId"]] == left.pop("home")
    assert {"domain": [], "interfaces": [], "groups": []} == left
    here.client("efs").delete_file_system(**here.home)


@pytest.mark.shows("T1")
def test_an_app_that_is_stuck_is_named_and_the_same_command_goes_on_later(place, session):
    here = place(keep_home=False)
    here.person("emma-larsen")
    stuck = here.person("farid-haddad", "stuck")

    with pytest.raises(
        StuckError, match="app own-farid-haddad/JupyterLab/default \\(Deleting\\): still there after 1 min"
    ):
        tear_down(Studio(here.plan, session), patience())

    assert here.left()["domain"], "what comes after is left alone"
    here.sagemaker.delete_tags(ResourceArn=stuck, TagKeys=["mlz-rehearsal"])
    tear_down(Studio(here.plan, session), patience())
    assert GONE == here.left()


def test_an_app_whose_deletion_fails_holds_nothing(place, session):
    here = place(keep_home=False)
    here.person("emma-larsen", "fails")

    tear_down(Studio(here.plan, session), patience())

    assert [] == here.left()["domain"]


@pytest.mark.shows("S6")
def test_a_run_that_is_killed_anywhere_goes_on(place, session):
    """A run ends after 2 calls, the next after 4, and so on; each begins with a Studio that knows nothing of it."""
    here = place(keep_home=False)
    here.person("emma-larsen")
    runs = 0
    while True:
        runs += 1
        studio = Studio(here.plan, session)
        calls = count()

        def stop(runs=runs, calls=calls, **_):
            if next(calls) == 2 * runs:
                raise KeyboardInterrupt

        watched = [studio.client(service) for service in ("sagemaker", "efs", "ec2")]
        for client in watched:
            client.meta.events.register("before-call", stop)
        try:
            tear_down(studio, patience())
        except KeyboardInterrupt:
            continue
        break

    assert 5 < runs
    assert GONE == here.left()


def test_what_a_deleted_domain_left_is_found_by_the_teams_network(place, session):
    here = place()
    app = {**here.domain, "SpaceName": "own-emma-larsen", "AppType": "JupyterLab", "AppName": "default"}
    here.person("emma-larsen")
    here.sagemaker.delete_app(**app)
    here.sagemaker.list_apps(), here.sagemaker.list_apps()
    for delete, named in (
        (here.sagemaker.delete_space, {"SpaceName": "own-emma-larsen"}),
        (here.sagemaker.delete_user_profile, {"UserProfileName": "emma-larsen"}),
        (here.sagemaker.delete_domain, {}),
    ):
        delete(**here.domain, **named)
        for _ in range(2):
            here.sagemaker.list_spaces(), here.sagemaker.list_user_profiles(), here.sagemaker.list_domains()
    assert [] == here.left()["domain"]
    assert here.left()["home"], "AWS keeps the home unless told otherwise"

    tear_down(Studio(here.plan, session), patience())

    assert GONE == here.left()


def test_another_domain_of_the_account_is_nobodys_business(place, session):
    here = place(keep_home=False)
    here.person("emma-larsen")
    other = here.make_domain("somebody-elses")
    here.person("zoe", domain=other)

    tear_down(Studio(here.plan, session), patience())

    assert [] == here.left()["domain"]
    assert "InService" == here.sagemaker.describe_domain(**other)["Status"]
    assert {f"security-group-for-{way}-nfs-{other['DomainId']}" for way in ("inbound", "outbound")} == set(
        here.left()["groups"]
    )


def test_a_group_that_somebody_names_in_a_rule_is_said_and_stays(place, session):
    here = place(keep_home=False)
    here.person("emma-larsen")
    inbound = next(
        each["GroupId"]
        for each in here.ec2.describe_security_groups()["SecurityGroups"]
        if each["GroupName"] == f"security-group-for-inbound-nfs-{here.domain['DomainId']}"
    )
    own = here.ec2.create_security_group(GroupName="own", Description="d", VpcId=here.vpc)["GroupId"]
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "UserIdGroupPairs": [{"GroupId": inbound}]}
    here.ec2.authorize_security_group_ingress(GroupId=own, IpPermissions=[rule])

    with pytest.raises(StuckError, match=f"{inbound}.*something else carries it, or names it in a rule"):
        tear_down(Studio(here.plan, session), patience())

    here.ec2.delete_security_group(GroupId=own)
    tear_down(Studio(here.plan, session), patience())
    assert GONE == here.left()


def test_nothing_there_is_nothing_to_do(session, zone):
    plan = replace(zone.teams[STACK], network=replace(zone.teams[STACK].network, cidr="10.99.0.0/24"))
    studio = Studio(plan, session)

    tear_down(studio, patience())

    assert set() == {row.kind for row in look(studio) if row.fate == GOES}


def test_a_right_that_is_missing_is_told_as_aws_tells_it(place, session):
    here = place()
    here.person("emma-larsen")
    policy = document(allow("*"), {"Effect": "Deny", "Action": "sagemaker:DeleteApp", "Resource": "*"})
    iam = here.client("iam")
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{here.plan.account.account_id}:root"},
        "Action": "sts:AssumeRole",
    }
    iam.create_role(RoleName="weak", AssumeRolePolicyDocument=document(trust))
    iam.put_role_policy(RoleName="weak", PolicyName="p", PolicyDocument=policy)
    given = here.client("sts").assume_role(
        RoleArn=f"arn:aws:iam::{here.plan.account.account_id}:role/weak", RoleSessionName="weak"
    )["Credentials"]
    weak = type(session)(
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )

    with pytest.raises(ClientError, match="is not authorized to perform: sagemaker:DeleteApp"):
        tear_down(Studio(here.plan, weak), patience())


def test_one_members_apps_and_private_spaces_go_and_nobody_elses(place):
    there = place()
    there.person("emma-larsen")
    there.person("farid-haddad")
    studio = Studio(there.plan, there.session)
    leaver = Leaver(studio, "emma-larsen", keep=False)

    assert [(GOES, "app"), (GOES, "space"), (STAYS, "profile")] == [(row.fate, row.kind) for row in leaver.look()]
    with pytest.raises(ClientError, match=r"Space\(s\) are associated with it"):
        there.sagemaker.delete_user_profile(**there.domain, UserProfileName="emma-larsen")
    leaver.leave(patience())

    assert ["own-farid-haddad"] == [space["SpaceName"] for space in studio.spaces(studio.domain_id)]
    assert ["own-farid-haddad"] == [app["SpaceName"] for app in studio.apps(studio.domain_id)]
    there.sagemaker.delete_user_profile(**there.domain, UserProfileName="emma-larsen")
    leaver.leave(patience())  # again: nothing is left, nothing fails


def test_a_leaver_whose_spaces_are_kept_has_no_app_left(place):
    there = place()
    there.person("emma-larsen")
    studio = Studio(there.plan, there.session)
    leaver = Leaver(studio, "emma-larsen", keep=True)

    assert [(GOES, "app"), (STAYS, "space"), (STAYS, "profile")] == [(row.fate, row.kind) for row in leaver.look()]
    leaver.leave(patience())

    assert [] == studio.apps(studio.domain_id)
    assert ["own-emma-larsen"] == [space["SpaceName"] for space in studio.spaces(studio.domain_id)]


def test_a_shared_space_is_nobodys_to_drop_with_its_owner(place):
    there = place()
    there.person("emma-larsen")
    space = {**there.domain, "SpaceName": "review"}
    owner = {"OwnerUserProfileName": "emma-larsen"}
    there.sagemaker.create_space(**space, OwnershipSettings=owner, SpaceSharingSettings={"SharingType": "Shared"})
    studio = Studio(there.plan, there.session)
    leaver = Leaver(studio, "emma-larsen", keep=False)
    leaver.leave(patience())

    assert ["review"] == leaver.shared
    assert ["review"] == [each["SpaceName"] for each in studio.spaces(studio.domain_id)]
