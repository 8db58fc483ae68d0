"""A real MLflow behind the emulated tracking servers and MLflow Apps: started when first asked, its calls decided."""

from pathlib import Path
from typing import Final

REQUIREMENTS: Final = Path(__file__).with_name("requirements.txt")
"""What a server's process runs: MLflow and its libraries, with hashes."""
