"""Labels: kept with who gave them and when, all of a team's in one place, and wrong ones refused by their line."""

import re

import pytest
from typer.testing import CliRunner

import cli.model
from cli.app import command_line
from local.cloud import private_cloud
from operations.model import labels
from operations.model.errors import ModelError
from operations.model.labels import Label, agreements, counts, disputed
from operations.model.reading import read
from operations.model.stored import put
from tests.operations.model_ground import ground
from tests.operations.tiny_model import YAML, write
from zone.specs.problems import SpecErrors
from zone.specs.vocabulary import Persona

RUNNER = CliRunner(env={"COLUMNS": "160"})


@pytest.fixture(scope="module")
def account(tmp_path_factory):
    """Start an AWS with a team's account in it."""
    folder = tmp_path_factory.mktemp("aws")
    with private_cloud(folder / "cloud") as cloud:
        yield ground(cloud, folder)


@pytest.fixture
def spec(tmp_path):
    """A model whose labels are yes and no."""
    return read(write(tmp_path / "tiny", f'labels: ["no", "yes"]\n{YAML}'))


@pytest.fixture
def told(tmp_path):
    """Write a file of labels."""

    def make(*lines, head="item,label"):
        folder = tmp_path / str(len([*tmp_path.iterdir()]))
        folder.mkdir()
        file = folder / "given.csv"
        file.write_text("\n".join((head, *lines)))
        return file

    return make


def label(item, value, by, at="2026-11-30T12:00:00Z"):
    return Label(item=item, label=value, labelled_by=by, labelled_at=at, source="called")


@pytest.mark.shows("F14")
def test_what_one_gives_all_of_the_team_see_with_who_gave_it_when_and_from_where(account, spec, told):
    scientist = account.person(Persona.DATA_SCIENTIST).clients
    engineer = account.person(Persona.ML_ENGINEER).clients
    for who, by, file in (
        (scientist, "ana@example.com", told("c-1,yes", '"c,2",no')),
        (engineer, "ben@example.com", told("c-1,no")),
    ):
        address = labels.give(account.place, who, spec, file, by=by, source="called on 2 November")
        assert address.startswith(f"s3://{account.place.bucket('data')}/datasets/rows/labels/tiny/")

    seen = [labels.read(account.place, each, spec) for each in (scientist, engineer)]
    assert seen[0] == seen[1]
    ours = [each for each in seen[0] if each.item in {"c-1", "c,2"}]  # other tests here label too
    said = {(each.item, each.label, each.labelled_by, each.source) for each in ours}
    assert said == {
        ("c-1", "yes", "ana@example.com", "called on 2 November"),
        ("c,2", "no", "ana@example.com", "called on 2 November"),
        ("c-1", "no", "ben@example.com", "called on 2 November"),
    }
    assert all(each.labelled_at.startswith("20") and each.labelled_at.endswith("Z") for each in ours)


def test_the_command_gives_labels_and_shows_who_labelled_what_and_where_they_differ(
    account, spec, told, tmp_path, monkeypatch
):
    monkeypatch.setattr(cli.model, "where", lambda _said, _name: account)
    words = ("label", str(tmp_path / "tiny"))
    lacking = RUNNER.invoke(command_line(["model"]), ["model", *words, str(told("c-7,yes"))])
    given = [
        RUNNER.invoke(
            command_line(["model"]), ["model", *words, str(told(f"c-7,{value}")), "--source", "asked", "--as", who]
        )
        for who, value in (("dia", "yes"), ("eli", "no"))
    ]

    assert 2 == lacking.exit_code
    assert "say by --source where the labels are known from" in lacking.output
    assert [0, 0] == [each.exit_code for each in given], given[1].output
    shown = given[1].output
    assert re.search("c-7 +dia@example.com: yes, eli@example.com: no", shown), shown
    assert all(text in shown for text in ("Who labelled", "How far they agree", "0%", "asked", spec.model))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        pytest.param(("c-1,maybe",), "given.csv:2: label: 'maybe' is none of no, yes", id="label"),
        pytest.param(("c-1,yes", "c-1,no"), "given.csv:3: item: c-1 stands there twice", id="twice"),
        pytest.param(("c-1,yes,2",), "given.csv:2: give 2 values, got 3", id="width"),
        pytest.param((",yes",), "given.csv:2: item: give 1 to 256 characters, got 0", id="item"),
        pytest.param((), "given.csv:2: there is no label", id="none"),
    ],
)
def test_wrong_labels_are_refused_by_their_line_and_none_is_kept(account, spec, told, lines, said):
    clients = account.person(Persona.DATA_SCIENTIST).clients
    before = labels.read(account.place, clients, spec)
    with pytest.raises(SpecErrors) as refused:
        labels.give(account.place, clients, spec, told(*lines), by="ana@example.com", source="called")

    assert any(said in str(each) for each in refused.value.problems), refused.value.problems
    assert before == labels.read(account.place, clients, spec)


def test_other_columns_and_a_model_without_labels_are_refused(account, spec, told, tmp_path):
    clients = account.person(Persona.DATA_SCIENTIST).clients
    with pytest.raises(SpecErrors, match="begin with the line item,label"):
        labels.give(account.place, clients, spec, told("c-1,yes", head="id,label"), by="a", source="called")
    with pytest.raises(ModelError, match="say which under labels"):
        labels.read(account.place, clients, read(write(tmp_path / "none")))


@pytest.mark.parametrize(
    "content", [b"", b"item,label\nc-1,yes\n", b"\xff", b"item,label,labelled_by,labelled_at,source\na,b\n"]
)
def test_a_file_that_nobody_gave_by_the_command_is_named(account, spec, content):
    clients = account.person(Persona.DATA_SCIENTIST).clients
    address = f"{labels.home(account.place, spec)}/stray.csv"
    put(clients, address, content)
    try:
        with pytest.raises(ModelError, match=r"labels/tiny/stray\.csv is no file of labels: .*; take it away"):
            labels.read(account.place, clients, spec)
    finally:
        bucket, key = address.removeprefix("s3://").split("/", 1)
        account.administrator("s3").delete_object(Bucket=bucket, Key=key)


def test_the_newest_word_of_each_person_counts():
    given = [
        label("a", "yes", "ana", "2026-11-01T00:00:00Z"),
        label("a", "no", "ana", "2026-11-02T00:00:00Z"),
        label("a", "yes", "ben"),
    ]

    assert {"ana": {"no": 1}, "ben": {"yes": 1}} == {who: dict(each) for who, each in counts(given).items()}
    assert {"a": {"ana": "no", "ben": "yes"}} == disputed(given)


def test_agreement_is_share_and_kappa_of_what_both_have_labelled():
    # 20 yes yes, 5 yes no, 10 no yes, 15 no no: the textbook's table, agreement 0.7, kappa 0.4.
    pairs = [*(("yes", "yes"),) * 20, *(("yes", "no"),) * 5, *(("no", "yes"),) * 10, *(("no", "no"),) * 15]
    given = [
        label(f"i{at}", said, who)
        for at, pair in enumerate(pairs)
        for who, said in zip(("ana", "ben"), pair, strict=True)
    ]
    (found,) = agreements([*given, label("alone", "yes", "ana")])

    assert (("ana", "ben"), 50, pytest.approx(0.7), pytest.approx(0.4)) == (
        *(found.people, found.items, found.share, found.kappa),
    )


def test_two_who_always_say_the_same_one_label_agree_without_a_kappa():
    (found,) = agreements([label("a", "yes", "ana"), label("a", "yes", "ben")])

    assert (1.0, None) == (found.share, found.kappa)
