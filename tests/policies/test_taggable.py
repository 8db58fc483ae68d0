import json

import pytest

from tests.policies.sdk import NEWER_TAGGABLE, TAGGABLE, taggable


@pytest.mark.shows("K3")
def test_the_list_of_taggable_types_is_that_of_the_installed_sdk():
    listed = json.loads(TAGGABLE.read_text())

    assert taggable() == listed
    assert len(listed) > 700
    assert set(NEWER_TAGGABLE) < set(listed)
