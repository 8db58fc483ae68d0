"""What spark-submit and EMR Serverless run: an entry point must be a file (docs/batch.md)."""

import sys

from batch.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
