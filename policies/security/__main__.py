"""The security pack: encryption, identities, isolation, logs, and what holds data."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # the engine starts a pack in its own folder

from policies.pack import serve

if __name__ == "__main__":
    serve("security", "Encryption, identities, network isolation, logging and data protection.")
