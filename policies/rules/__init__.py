"""The rules: plain functions over plain data, one theme a file.

To add a rule: write its line in catalog.json (key, tokens, level, severity, pack, statement, settings: sorted by key),
then write its function in the theme's file and its cases in tests/policies/cases/<theme>.yaml:

    @rule("sm-model-network-isolation", "set enableNetworkIsolation to true")
    def model_isolated(r: Reader) -> Iterator[str]:
        \"\"\"An absent value is false.\"\"\"
        yield from r.unless("enableNetworkIsolation", True, default=False)

- It yields one sentence for each thing wrong (where, and what is there); the remedy is the decorator's.
- `r.get(path)` for what decides whether the rule applies; `r.each`, `r.unless`, `r.missing` for what it judges: these
  step over values that are not known yet and remember them, so that a known violation beside them is still found.
- `r.none_of((path, test), …)` where one good value is enough: it passes whatever is not known beside it.
- Absent means what the provider makes of it. `[]` in a path is every element.
- A rule of another tool that is to be none of ours has its reason in left_out.json.
- A theme is a file: each file here that does not begin with an underscore is imported, nothing lists them.
"""

from importlib import import_module
from pathlib import Path

from policies.rules.plain import UNKNOWN, NeedsUnknownError, Reader, Resource
from policies.rules.registry import CATALOG, REGISTRY, ByType, Rule, Stack, by_type, rules_for

for _file in sorted(Path(__file__).parent.glob("[a-z]*.py")):
    import_module(f"{__name__}.{_file.stem}")

__all__ = [
    "CATALOG",
    "REGISTRY",
    "UNKNOWN",
    "ByType",
    "NeedsUnknownError",
    "Reader",
    "Resource",
    "Rule",
    "Stack",
    "by_type",
    "rules_for",
]
