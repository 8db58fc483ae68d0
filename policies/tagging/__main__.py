"""The tagging pack: required tags with their values, filled in where the account's file says them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # the engine starts a pack in its own folder

from policies.pack import serve
from policies.tagging.fill import fill_tags

if __name__ == "__main__":
    serve("tagging", "Required tags and their values.", {"required-tags": fill_tags})
