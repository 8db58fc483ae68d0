"""What holds for every set of policies."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from checks.access.lines import answer
from checks.access.match import wildcard
from tests.access.evaluator import OURS, ROLE, SESSION, THEIRS, USER, ask, document

ACTIONS = ["s3:GetObject", "s3:PutObject", "s3:*", "*", "kms:Decrypt", "s3:Get*"]
RESOURCES = [
    "*",
    "arn:aws:s3:::data/*",
    "arn:aws:s3:::data/part-0",
    "arn:aws:s3:::other/*",
    "arn:aws:s3:::${aws:username}/*",
]
PRINCIPALS = ["*", ROLE, SESSION, USER, OURS, THEIRS]
CONDITIONS = [
    {},
    {"StringEquals": {"test:a": "1"}},
    {"StringNotEquals": {"test:a": "1"}},
    {"ForAllValues:StringLike": {"test:many": ["x*", "y"]}},
    {"ForAnyValue:StringEquals": {"test:many": "y"}},
    {"Null": {"test:a": "true"}},
    {"StringNotEquals": {"test:many": "y"}},
    {"StringNotEquals": {"test:a": "${aws:username}"}},
]

statements = st.builds(
    lambda effect, action, resource, condition: {
        "Effect": effect,
        "Action": action,
        "Resource": resource,
        **({"Condition": condition} if condition else {}),
    },
    st.sampled_from(["Allow", "Allow", "Deny"]),
    st.sampled_from(ACTIONS),
    st.sampled_from(RESOURCES),
    st.sampled_from(CONDITIONS),
)
documents = st.lists(statements, min_size=1, max_size=3).map(lambda each: document(*each))
resource_documents = st.lists(
    st.builds(lambda each, who: {**each, "Principal": {"AWS": who}}, statements, st.sampled_from(PRINCIPALS)),
    min_size=1,
    max_size=3,
).map(lambda each: document(*each))
several = st.lists(documents, max_size=2)
layers = st.fixed_dictionaries(
    {
        "identity": several,
        "boundary": st.lists(documents, max_size=1),
        "session": st.none() | documents,
        "scp": st.lists(st.lists(documents, min_size=1, max_size=2), max_size=2),
        "policy": st.none() | resource_documents,
    }
)
requests = st.fixed_dictionaries(
    {
        "who": st.sampled_from([ROLE, SESSION, USER]),
        "action": st.sampled_from(["s3:GetObject", "s3:PutObject"]),
        "owner": st.sampled_from([OURS, THEIRS]),
        "context": st.fixed_dictionaries(
            {}, optional={"test:a": st.sampled_from(["1", "2"]), "test:many": st.lists(st.sampled_from("xyz"))}
        ),
    }
)
ORDER = {"ExplicitlyDenied": 0, "ImplicitlyDenied": 1, "Allowed": 2}


@given(requests, layers, statements, st.sampled_from(["identity", "boundary", "session", "policy"]))
@settings(max_examples=150)
def test_adding_a_deny_never_allows_more(asked, policies, extra, where):
    before = ask(**asked, **policies)
    after = ask(**asked, **extended(policies, {**extra, "Effect": "Deny"}, where))

    assert ORDER[after.verdict] <= ORDER[before.verdict]


@given(requests, layers, statements, st.sampled_from(["identity", "boundary", "session", "policy"]))
@settings(max_examples=150)
def test_adding_an_allow_never_allows_less(asked, policies, extra, where):
    before = ask(**asked, **policies)
    after = ask(**asked, **extended(policies, {**extra, "Effect": "Allow"}, where))

    # A new boundary or session policy is a new limit; only a statement in one that is there can't hurt.
    assert ORDER[after.verdict] >= ORDER[before.verdict] or (where in {"boundary", "session"} and not policies[where])


def extended(policies, statement, where):
    """The same policies, with one more statement in a layer."""
    if where == "policy":
        statement = {**statement, "Principal": "*"}
    given_ = policies[where]
    if where in {"identity", "boundary"}:
        first, *rest = given_ or [document()]
        return {**policies, where: [{**first, "Statement": [*first["Statement"], statement]}, *rest]}
    given_ = given_ or document()
    return {**policies, where: {**given_, "Statement": [*given_["Statement"], statement]}}


@given(requests, layers, st.randoms())
@settings(max_examples=150)
def test_the_order_of_statements_and_policies_never_matters(asked, policies, chance):
    def shuffled(value):
        if isinstance(value, dict):
            return {key: shuffled(each) for key, each in value.items()}
        if isinstance(value, list):
            return chance.sample([shuffled(each) for each in value], len(value))
        return value

    before, after = ask(**asked, **policies), ask(**asked, **shuffled(policies))

    assert (before.verdict, bool(before.unsupported)) == (after.verdict, bool(after.unsupported))


def naive_match(pattern, text):
    """Whether *pattern* matches, a character at a time."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(naive_match(pattern[1:], text[start:]) for start in range(len(text) + 1))
    return bool(text) and pattern[0] in {"?", text[0]} and naive_match(pattern[1:], text[1:])


@given(st.text("ab:*?", max_size=7), st.text("ab:", max_size=8))
@settings(max_examples=500)
def test_a_wildcard_matches_as_a_character_at_a_time_does(pattern, text):
    assert naive_match(pattern, text) == wildcard(pattern)(text)


@given(requests, layers)
@settings(max_examples=150)
def test_a_limit_that_allows_everything_limits_nothing(asked, policies):
    everything = document({"Effect": "Allow", "Action": "*", "Resource": "*"})
    before = ask(**asked, **policies)
    limits = {"scp": [*policies["scp"], [everything]], "boundary": [*policies["boundary"], everything]}
    after = ask(**asked, **{**policies, **limits})

    assert before[:4] == after[:4]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
CASE = {
    "id": "1",
    "request": {"principal": ROLE, "action": "s3:GetObject", "resource": "*", "resourceAccount": OURS, "context": {}},
    "identityPolicies": [{"name": "p", "policy": document({"Effect": "Allow", "Action": "*", "Resource": "*"})}],
    "permissionBoundaries": None,
    "sessionPolicy": None,
    "serviceControlPolicies": [{"orgIdentifier": "r", "policies": []}],
    "resourceControlPolicies": [],
    "resourcePolicy": None,
    "endpointPolicies": [],
    "managementAccount": None,
}


def places(value, path=()):
    """Every place in a JSON value."""
    yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from places(child, (*path, key))


@given(st.sampled_from([path for path in places(CASE) if path]), json_values)
@settings(max_examples=300)
def test_odd_input_gets_an_answer_and_never_an_exception(path, odd):
    case = json.loads(json.dumps(CASE))
    place = case
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = odd
    found = answer(json.dumps(case))

    assert ("decision" in found) != ("error" in found)
