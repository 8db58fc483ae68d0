"""`python -m batch score`: predictions for the good rows of a file, reasons for the others.

| exit code | |
|---|---|
| 0 | scored; the last line of standard output says how many rows were read, scored and rejected |
| 1 | more rows were rejected than --most-rejected allows: both outputs are written, nothing else should use them |
| 2 | the arguments, the model or the columns are wrong: nothing is written |
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from batch.contract import RefusedError
from batch.registry import fetch
from batch.score import Files, score
from batch.session import session


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one batch."""
    parser = argparse.ArgumentParser(prog="batch", description="An MLflow model over whole files, by Spark.")
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("score", help="score a file or a folder of files")
    source = one.add_mutually_exclusive_group(required=True)
    source.add_argument("--model", type=Path, help="folder of the MLflow model")
    source.add_argument("--model-package", help="ARN of an approved version in SageMaker's registry, instead")
    one.add_argument("--input", required=True, help="CSV with header, or parquet: a path or s3:// address")
    one.add_argument("--output", required=True, help="predictions/ and rejected/ are written below, over older ones")
    one.add_argument("--format", choices=("csv", "parquet"), default="parquet", help="of the output")
    one.add_argument("--input-format", choices=("csv", "parquet"), help="where the input's name does not end in it")
    one.add_argument("--most-rejected", type=_share, default=1.0, help="share of rows, 0 to 1 (default 1)")
    given = parser.parse_args(arguments)
    kind = given.input_format or given.input.rstrip("/").rpartition(".")[2]
    if kind not in {"csv", "parquet"}:
        parser.error(f"--input {given.input}: the name ends neither in .csv nor in .parquet: give --input-format")
    with TemporaryDirectory() as folder:
        try:
            model = fetch(given.model_package, Path(folder)) if given.model_package else given.model
            if not (model / "MLmodel").is_file():
                parser.error(f"--model {model}: give the folder of an MLflow model (with MLmodel)")
            with session() as spark:
                counted = score(spark, model, Files(given.input, kind), Files(given.output, given.format))
        except (RefusedError, ValueError) as refused:
            print(f"batch: {refused}", file=sys.stderr)
            return 2
    print(json.dumps(counted))
    if counted["rejected"] > given.most_rejected * counted["read"]:
        print(f"batch: {counted['rejected']} of {counted['read']} rows were rejected", file=sys.stderr)
        return 1
    return 0


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text}: give a share from 0 to 1")
    return value


if __name__ == "__main__":
    sys.exit(main())
