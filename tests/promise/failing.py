"""Whether a test can fail, and whether it is always run: read from its source and that of what it calls.

A test can fail where it, or a function or fixture of tests/ that it calls, has an assert that is not true by its form,
or `pytest.raises` and its like. A test may be skipped where it, such a function or one of its fixtures calls
`pytest.skip` and its like, or a marker says so.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from types import FunctionType, ModuleType

import pytest

from tests.promise.features import ROOT

TESTS = f"{ROOT / 'tests'}/"
FAILS = {"raises", "fail", "warns"}
SKIPS = {"skip", "xfail", "importorskip"}
SKIPPING_MARKERS = {"skip", "skipif", "xfail"}


def can_fail(item: pytest.Function) -> bool:
    """Say whether a wrong product can make *item* fail."""
    return any(_says(function) for function in _reached(item, [_test(item)]))


def may_be_skipped(item: pytest.Function) -> bool:
    """Say whether *item* may end without an answer."""
    marked = any(marker.name in SKIPPING_MARKERS for marker in item.iter_markers())
    run = _reached(item, [_test(item), *_fixtures(item).values()])
    return marked or any(_names(function, SKIPS) for function in run)


def _test(item: pytest.Function) -> object:
    hypothesis = getattr(item.obj, "hypothesis", None)
    return hypothesis.inner_test if hypothesis else getattr(item.obj, "__func__", item.obj)


def _reached(item: pytest.Function, starts: Iterable[object]) -> list[FunctionType]:
    """*starts* and what they call, as far as that is in tests/."""
    found: list[FunctionType] = []
    ahead = list(starts)
    while ahead:
        function = ahead.pop()
        function = inspect.unwrap(function) if callable(function) else None
        if isinstance(function, FunctionType) and function not in found and _ours(function):
            found.append(function)
            ahead += _called(function, _fixtures(item))
    return found


def _fixtures(item: pytest.Function) -> dict[str, Callable[..., object]]:
    return {name: definitions[-1].func for name, definitions in item._fixtureinfo.name2fixturedefs.items()}


def _ours(function: FunctionType) -> bool:
    return function.__code__.co_filename.startswith(TESTS)


def _called(function: FunctionType, fixtures: dict[str, Callable[..., object]]) -> Iterator[object]:
    """What *function* calls: names of its module or of a module it imports, and its fixtures."""
    for node in ast.walk(_tree(function)):
        match node:
            case ast.Call(func=ast.Name(id=name)):
                yield fixtures.get(name) if name in _arguments(function) else function.__globals__.get(name)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attribute)):
                module = function.__globals__.get(name)
                yield getattr(module, attribute, None) if isinstance(module, ModuleType) else None


def _arguments(function: FunctionType) -> tuple[str, ...]:
    return function.__code__.co_varnames[: function.__code__.co_argcount + function.__code__.co_kwonlyargcount]


def _says(function: FunctionType) -> bool:
    asserts = [node.test for node in ast.walk(_tree(function)) if isinstance(node, ast.Assert)]
    return not all(map(_always_true, asserts)) or _names(function, FAILS)


def _always_true(said: ast.expr) -> bool:
    match said:
        case ast.Constant(value=value):
            return bool(value)
        case ast.BoolOp(op=ast.Or(), values=parts):
            return any(map(_always_true, parts))
    return False


def _names(function: FunctionType, names: set[str]) -> bool:
    """Whether *function* speaks of one of pytest's own *names*."""
    return any(
        isinstance(node, ast.Attribute)
        and node.attr in names
        and isinstance(node.value, ast.Name)
        and node.value.id == pytest.__name__
        for node in ast.walk(_tree(function))
    )


@cache
def _tree(function: FunctionType) -> ast.Module:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))
