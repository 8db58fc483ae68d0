"""Nothing with a name that AWS holds unique is replaced create-first, in no stack: the second of a name is refused."""

import pytest

from tests.oracles import recordings
from zone.facts import facts

TYPES = facts("immutable")["types"]
ANEW = {"aws:sagemaker/studioLifecycleConfig:StudioLifecycleConfig"}
"""Its name holds a hash of its content, and the domain still names the old one: the new one comes first."""


@pytest.fixture(scope="module")
def made():
    return [each for stack in recordings.STACKS for each in recordings.recording(stack).made()]


def test_what_replaces_it_is_known_of_every_type_we_deploy(made):
    assert set() == {each.type for each in made} - TYPES.keys()


@pytest.mark.shows("S18")
def test_what_has_a_fixed_name_goes_before_its_replacement_comes(made):
    named = [each for each in made if TYPES[each.type].get("name") in each.inputs and each.type not in ANEW]

    assert 20 < len({each.type for each in named})
    assert [] == sorted({f"{each.type} {each.name}" for each in named if not each.delete_before_replace})


def test_a_name_that_is_fixed_is_an_input_whose_change_replaces_or_says_why_not():
    # Renamed in place; what replaces them is their type, and the API they belong to.
    updated = {"aws:organizations/policy:Policy", "aws:apigateway/resource:Resource"}
    wrong = {kind for kind, each in TYPES.items() if "name" in each and each["name"] not in each["replaces"]}

    assert updated == wrong


def test_a_shared_space_is_never_said_to_have_another_owner(made):
    spaces = [each for each in made if each.type.endswith(":Space")]

    assert spaces
    assert all({"ownershipSettings", "spaceSharingSettings"} <= set(each.replace_on_changes) for each in spaces)
