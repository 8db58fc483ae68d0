"""schema.json and profiles/schema.json, made from the types; `python -m zone.specs.schema` writes them.

Every spec's first line names its schema, so that an editor with a YAML language server completes and checks it.
"""

import json
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from zone.specs.account import TeamAccount
from zone.specs.tree import AnySpec

_ROOT: Final = Path(__file__).parents[2]
_FOLDERS: Final = (_ROOT / "accounts", _ROOT / "examples" / "organisation")
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def spec_schema() -> dict[str, Any]:
    """Return the schema of every file of an environment's folder; `kind` chooses the part."""
    schema = TypeAdapter(AnySpec).json_schema()
    team = schema["$defs"]["TeamAccount"]
    # What a profile gives the account may leave out, and an editor sees one file only.
    team["if"], team["else"] = {"required": ["profile"]}, {"required": team["required"]}
    team["required"] = ["kind"]
    return {"$schema": _DIALECT, "title": "A spec of mlz", **schema}


def profile_schema() -> dict[str, Any]:
    """Return the schema of a profile: any part of a team's account, none required but inside what is given."""
    schema = TeamAccount.model_json_schema()
    properties = {key: value for key, value in schema["properties"].items() if key not in {"kind", "profile"}}
    del schema["required"]
    return {
        "$schema": _DIALECT,
        **schema,
        "title": "A profile of mlz",
        "description": "Values that lie under a team's account: mappings merge, lists and scalars are replaced.",
        "properties": properties,
    }


def files() -> dict[Path, str]:
    """Return each schema file with the text it must have."""
    schemas = {Path("schema.json"): spec_schema(), Path("profiles", "schema.json"): profile_schema()}
    return {
        folder / name: json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        for name, schema in schemas.items()
        for folder in _FOLDERS
    }


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
