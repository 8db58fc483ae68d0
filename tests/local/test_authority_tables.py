"""The tables of further rights and condition keys speak of what AWS has: actions, members, keys, pages."""

import json
import re
from datetime import date
from urllib.parse import urlsplit

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel

from checks.access.catalog import key_type, services
from local.authority.actions import VERSIONED, action_by_name
from local.authority.paths import FORMS
from local.authority.stored import READERS
from zone.facts import FOLDER, facts

TABLES = {path.stem: facts(f"dependent_rights/{path.stem}") for path in sorted((FOLDER / "dependent_rights").iterdir())}
RIGHT = {"who", "or", "action", "resource", "when", "via", "network", "context", "alone", "mark", "source"}
WORDS = {"region", "account", "operation"}
BOTOCORE = (
    *(
        "accessanalyzer",
        "apigateway",
        "athena",
        "budgets",
        "cloudcontrol",
        "codeartifact",
        "ec2",
        "ecr",
        "efs",
        "emr-serverless",
        "glue",
        "iam",
        "kms",
        "logs",
    ),
    *("organizations", "ram", "s3", "s3control", "sagemaker", "sagemaker-featurestore-runtime", "sagemaker-runtime"),
    *("secretsmanager", "ssm", "sso-admin", "sts"),
    *("acm", "application-autoscaling", "cloudwatch", "codebuild", "ecs", "elbv2", "events", "network-firewall", "rds"),
    *("route53", "route53resolver", "scheduler", "sns", "sqs"),
)
LOADER = Loader()


MODELS = [ServiceModel(LOADER.load_service_model(name, "service-2"), name) for name in BOTOCORE]


OPERATIONS = {}
"""Input shapes of the operations that ask for an action, by action."""
for each in MODELS:
    for operation in each.operation_names:
        shape = each.operation_model(operation).input_shape
        action = action_by_name(each.service_name, operation)
        for name in (action, VERSIONED.get(action)):
            OPERATIONS.setdefault(name, []).append(shape)


def reaches(shape, names):
    """Whether a dotted path exists in a shape."""
    if not names or shape is None:
        return shape is not None
    if shape.type_name == "list":
        return reaches(shape.member, names)
    if shape.type_name != "structure":
        return False
    pattern = re.compile(names[0].replace("*", ".*"))
    return any(reaches(member, names[1:]) for name, member in shape.members.items() if pattern.fullmatch(name))


def holes(text):
    """The paths in the holes of a text."""
    found = [hole.partition("|")[0] for hole in re.findall(r"\{([^{}]+)\}", text)]
    return [path for hole in found for path in plain_paths(hole)]


def plain_paths(text):
    """Every path into the request that a text of the tables contains; what is stored is named by its kind."""
    if text.startswith(("arn:", "{")) or text.endswith(".amazonaws.com"):
        return holes(text)
    paths = []
    for each in text.removeprefix("not ").partition("=")[0].split(" or "):
        form, _, path = each.rpartition(" of ")
        assert not form or form in FORMS, each
        first, *steps = path.split(" > ")
        assert all(step.partition(".")[0] in READERS for step in steps), each
        if first not in WORDS:
            paths.append(first)
    return paths


def rights():
    for table in TABLES.values():
        for action, row in table["actions"].items():
            for right in row["rights"]:
                yield action, right, table
        if "tags" in table:
            yield None, table["tags"], table


def asked(right, table):
    return table.get("together", {}).get(right["action"], [right["action"]])


def once(pairs):
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), keys
    return dict(pairs)


def known(action):
    table = services().get(action.partition(":")[0])
    return bool(table) and action in {each.name for each in table.actions.values()}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_holds_actions_of_its_own_service_each_once(name):
    table = TABLES[name]
    nothing = [action for listed in table.get("nothing", {}).values() for action in listed]
    actions = [*table["actions"], *nothing]

    assert [] == [action for action in actions if not known(action) or action.partition(":")[0] != name]
    assert len(actions) == len(set(actions))
    assert date.fromisoformat(table["read"])
    json.loads((FOLDER / "dependent_rights" / f"{name}.json").read_text(), object_pairs_hook=once)


@pytest.mark.parametrize("name", TABLES)
def test_each_row_names_a_page_and_each_right_its_mark(name):
    table = TABLES[name]
    sources = [*table.get("nothing", {}), *(row["source"] for row in table["actions"].values())]
    sources += [right["source"] for _, right, of in rights() if of is table and "source" in right]

    assert [] == [source for source in sources if not urlsplit(source).path.startswith("/") or source[:8] != "https://"]
    assert {right["mark"] for _, right, of in rights() if of is table} <= {"certain", "likely"}
    assert all(set(right) <= RIGHT for _, right, of in rights() if of is table)


def test_every_further_right_is_an_action_of_aws():
    named = {action for _, right, table in rights() for action in asked(right, table) if "{made}" not in action}

    assert [] == sorted(action for action in named if not known(action))


def test_every_path_exists_in_the_requests_of_its_action():
    missing = []
    for action, right, _ in rights():
        if action is None:
            continue
        texts = [right["resource"], right["who"], *right.get("when", ()), right.get("network", "*")]
        paths = [path for text in texts if text not in {"*", "itself", "caller"} for path in plain_paths(text)]
        paths += [path for text in right.get("context", {}).values() for path in holes(text)]
        shapes = OPERATIONS.get(action, ())
        missing += [(action, path) for path in paths if not any(reaches(shape, path.split(".")) for shape in shapes)]

    assert [] == missing


def test_the_tag_rights_are_found_in_the_requests_of_their_service():
    for _, right, _ in (each for each in rights() if each[0] is None):
        for path in plain_paths(right["resource"]) if right["resource"] not in {"*", "itself"} else ():
            assert any(reaches(shape, path.split(".")) for shape in OPERATIONS["ec2:CreateVpc"]), path


def test_every_condition_key_is_one_the_right_carries():
    unknown = []
    for action, right, table in rights():
        for asked_action in asked(right, table):
            prefix, _, name = asked_action.partition(":")
            if "{made}" in name:
                continue
            own = {key.lower() for key in services()[prefix].actions[asked_action.lower()].keys}
            patterns = {key.partition("${")[0] for key in own}
            for key in right.get("context", {}):
                if key.startswith("aws:"):
                    fits = key_type(key) is not None
                else:
                    fits = any(key.lower().startswith(pattern) for pattern in patterns)
                if not fits:
                    unknown.append((action, asked_action, key))

    assert [] == unknown


def test_every_path_of_a_condition_key_exists_where_the_key_does():
    keys = facts("condition_keys")["keys"]
    missing = []
    for key, paths in keys.items():
        prefix = key.partition(":")[0]
        carrying = [each.name for each in services()[prefix].actions.values() if key in each.keys]
        assert carrying, key
        shapes = [shape for action in carrying for shape in OPERATIONS.get(action, ())]
        missing += [
            (key, path)
            for text in paths
            for path in plain_paths(text)
            if not any(reaches(shape, path.split(".")) for shape in shapes)
        ]

    assert [] == missing
