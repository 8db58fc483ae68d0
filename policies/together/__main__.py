"""The three packs in one process: starting Python and the SDK costs more than all rules, so `./mlz` does it once."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # the engine starts a pack in its own folder

from policies.pack import TOGETHER, serve
from policies.tagging.fill import fill_tags

if __name__ == "__main__":
    serve(TOGETHER, "The tagging, guardrails and security packs.", {"required-tags": fill_tags})
