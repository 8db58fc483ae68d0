"""The plan as one page: all of it, from the plan alone, in a file that loads nothing."""

from copy import deepcopy
from html.parser import HTMLParser

import pytest

from checks.picture.markup import tag
from checks.picture.page import page
from zone.plan.describe import describe
from zone.plan.planner import EXAMPLES, read

VOID = {"meta", "input"}


class Tree(HTMLParser):
    """Elements with their attributes; fails on what is closed in the wrong order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.words = [], [], []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, name, attributes):
        self.elements.append((name, dict(attributes)))
        if name not in VOID:
            self.open.append(name)

    def handle_endtag(self, name):
        assert self.open.pop() == name

    def handle_data(self, data):
        if not {"script", "style"} & set(self.open):
            self.words.append(data)


@pytest.fixture(scope="module", params=["organisation", "shared-platform", "every-key"])
def described(request):
    return describe(read(EXAMPLES.parent / request.param))


def test_the_same_plan_gives_the_same_page(described):
    assert page(described) == page(deepcopy(described))


def test_a_page_loads_nothing(described):
    attributes = [item for _, given in Tree(page(described)).elements for item in given.items()]
    assert not [value for name, value in attributes if name in {"src", "srcset", "data", "action"}]
    assert all(value.startswith("#") for name, value in attributes if name == "href")
    assert "://" not in page(described)
    assert "@import" not in page(described)


def test_every_link_leads_somewhere(described):
    elements = Tree(page(described)).elements
    ids = [given["id"] for _, given in elements if "id" in given]
    assert len(ids) == len(set(ids))
    assert {given["href"][1:] for name, given in elements if name == "a"} <= set(ids)


def test_every_account_endpoint_share_and_note_is_there(described):
    words = " ".join(Tree(page(described)).words)
    for stack in described["stacks"]:
        for endpoint in stack.get("endpoints", ()):
            assert endpoint["service"].split(".")[-1] in words
        for share in stack.get("sharesOut", ()):
            assert f"{share['name']} ({share['kind']})" in words
        for member in stack.get("members", ()):
            assert member in words
        for each in (*stack.get("serving", ()), *stack.get("batches", ())):
            assert f"{each['name']}: {each['model']} version {each['version']}" in words
        if stack["kind"] != "organization":
            assert (stack["accountId"] or "not made yet") in words
    assert all(note in words for note in described["notes"])


def test_what_costs_and_has_no_price_is_said(described):
    changed = deepcopy(described)
    for stack in changed["stacks"]:
        stack["standingCosts"] = [{"what": "spaceship", "count": 2, "usdPerMonth": None}]
    words = " ".join(Tree(page(changed)).words)
    assert "spaceship" in words
    assert "not known" in words


def test_text_of_the_plan_is_text_on_the_page(described):
    changed = {**described, "notes": ["<script>alert('x')</script> & more"]}
    scripts = [name for name, _ in Tree(page(changed)).elements if name == "script"]
    assert len(scripts) == 1
    assert "<script>alert" not in page(changed)


def test_an_attribute_ends_where_it_was_meant_to():
    assert tag("a", "x", title='" onclick="y') == '<a title="&quot; onclick=&quot;y">x</a>'


def test_so_many_teams_are_small_tiles(described):
    few = page(described)
    many = deepcopy(described)
    team = next(stack for stack in many["stacks"] if stack["kind"] == "team")
    many["stacks"] += [{**team, "stack": f"dev-t{number}", "sharesOut": []} for number in range(200)]
    assert 'class="tiles many"' not in few
    assert 'class="tiles many"' in page(many)
