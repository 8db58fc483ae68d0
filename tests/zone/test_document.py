"""One YAML file: its values, its lines, and what is no YAML for us."""

import pytest

from zone.specs.document import parse


def problems(text: str | bytes) -> list[str]:
    raw = text if isinstance(text, bytes) else text.encode()
    return [str(problem) for problem in parse("dev/fraud.yaml", raw)[1]]


def test_only_true_false_null_and_decimal_numbers_are_more_than_text():
    text = "a: true\nb: no\nc: 2026-11-21\nd: ~\ne:\nf: 10\ng: -1.5\nh: '5'\ni: [0x10, 1e3, .inf, =]\n<<: {j: 1}\n"
    expected = {
        "a": True,
        "b": "no",
        "c": "2026-11-21",
        "d": None,
        "e": None,
        "f": 10,
        "g": -1.5,
        "h": "5",
        "i": ["0x10", "1e3", ".inf", "="],
        "<<": {"j": 1},
    }

    assert expected == parse("x.yaml", text.encode())[0].values


def test_a_byte_order_mark_and_windows_line_ends_are_read():
    assert {"a": 1, "b": 2} == parse("x.yaml", b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")[0].values


def test_a_number_too_long_for_a_quantity_stays_text():
    assert {"a": "1234567890123456789"} == parse("x.yaml", b"a: 1234567890123456789")[0].values


def test_a_path_is_found_as_far_as_it_exists():
    document = parse("x.yaml", b"a:\n  b:\n    - c: 1\n    - d: 2\n")[0]

    assert (4, 4) == document.line(("a", "b", 1, "d"))
    assert (2, 2) == document.line(("a", "b", 5, "d"))
    assert (0, 1) == document.line(("z",))


def test_a_scalar_is_given_back_as_it_is_written():
    document = parse("x.yaml", b"a: [1.50]\nb: {}\n")[0]

    assert "1.50" == document.raw(("a", 0))
    assert document.raw(("b",)) is None
    assert document.raw(("c", "d")) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "dev/fraud.yaml:1: the file is empty: write keys with values (key: value)"),
        ("# only a comment\n", "dev/fraud.yaml:1: the file is empty: write keys with values (key: value)"),
        ("- a\n", "dev/fraud.yaml:1: the file holds a list: write keys with values (key: value)"),
        ("word", "dev/fraud.yaml:1: the file holds only the text 'word': write keys with values (key: value)"),
        (b"a: 1\nb: \xff\n", "dev/fraud.yaml:2: byte 8 is not UTF-8: save the file as UTF-8"),
        ("a:\n\tb: 1\n", "dev/fraud.yaml:2: a tab where YAML wants spaces: indent with spaces"),
        ("a: 1\nb: 2\na: 3\n", "dev/fraud.yaml:3: a: the key stands twice, first in line 1: keep one of them"),
        ("a: {b: {c: 1, c: 2}}\n", "dev/fraud.yaml:1: a.b.c: the key stands twice, first in line 1: keep one of them"),
        (
            "a:\n  - b: 012345670123\n",
            "dev/fraud.yaml:2: a[0].b: 012345670123 starts with 0, which changes a number: quote it, '012345670123'",
        ),
        (
            "a: &x {}\nb: *x\n",
            "dev/fraud.yaml:2: b: YAML aliases are not read: write the value out, or use a profile",
        ),
        (
            "a: &x [*x]\n",
            "dev/fraud.yaml:1: a[0]: YAML aliases are not read: write the value out, or use a profile",
        ),
        ("a: !secret x\n", "dev/fraud.yaml:1: a: the tag !secret means nothing here: write the value without it"),
        (
            "a: !!int x\n",
            "dev/fraud.yaml:1: a: the tag tag:yaml.org,2002:int means nothing here: write the value without it",
        ),
        (
            "a: !!set {b}\n",
            "dev/fraud.yaml:1: a: the tag tag:yaml.org,2002:set means nothing here: write the value without it",
        ),
        ("? {a: 1}\n: 2\n", "dev/fraud.yaml:1: a key is a mapping: write a name"),
        (
            "a: 1\n---\nb: 1\n",
            "dev/fraud.yaml:2: a second document begins: one file describes one account",
        ),
        (
            "a: b: c\n",
            (
                "dev/fraud.yaml:1: not YAML: mapping values are not allowed in this context "
                "near 'a: b: c': check colons, quotes and indentation"
            ),
        ),
        ("a: \x07\n", "dev/fraud.yaml:1: not YAML: control characters are not allowed"),
    ],
)
def test_what_is_no_yaml_for_us_is_said_with_its_line_and_remedy(text, expected):
    assert [expected] == problems(text)


def test_all_problems_of_a_file_are_said():
    assert 3 == len(problems("a: 01\nb: !x y\na: 2\n"))


def test_nesting_without_end_is_refused_and_not_a_crash():
    expected = "dev/fraud.yaml:1: a.a.a: nested deeper than 32 levels: no key of a spec is"

    assert [expected] == problems("{a: " * 100_000)
    assert [expected.replace("a.a.a", "[0][0][0]")] == problems("- " * 100_000)
