"""One model, and what each way to run it costs.

    .venv/bin/python -m benchmarks.serving [SECONDS] [ROWS]

Requests a second and the slowest hundredth of Flask under gunicorn (1 and 2 workers), MLflow's scoring server and the
container's `serve`: SECONDS a size of request, in turns, so that a busy minute meets them all. Then ROWS by Spark and
by one process. Servers and load share this machine, on loopback: figures are for comparing.
"""

import csv
import http.client
import itertools
import json
import shutil
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from local.spark.submit import java_missing
from tests.workloads.programs import BATCH, CHURN, Program, env, python, run, scored, servers, trained

THREADS = 4
"""Callers at once, each on a connection that stays open [count]."""
ROUNDS = 5
SIZES = {"1 row": 1, "100 rows": 100}
COMPARED = 10_000
"""Rows whose answers must be equal [count]."""
WANTED = {
    "flask 1 worker": {"WORKERS": "1"},
    "flask 2 workers": {"WORKERS": "2"},
    "mlflow": {},
    "serve": {},
}
ALONE = """
import sys, time, json
import mlflow.pyfunc, pandas as pd
model = mlflow.pyfunc.load_model(sys.argv[1])
names = model.metadata.get_input_schema().input_names()
began = time.perf_counter()
rows = 0
with open(sys.argv[3], "w") as out:
    for frame in pd.read_csv(sys.argv[2], chunksize=int(sys.argv[4])):
        whole = frame.select_dtypes("int").columns
        answer = model.predict(frame[names].astype(dict.fromkeys(whole.intersection(names), "float64")))
        frame.assign(prediction=answer[:, 1]).to_csv(out, header=not rows, index=False)
        rows += len(frame)
print(json.dumps({"rows": rows, "seconds": time.perf_counter() - began}))
"""


def customers(root: Path, count: int) -> tuple[list[str], list[list]]:
    """Names and values of *count* rows: the test rows over and over, each with a customer of its own."""
    with (root / "processing" / "output" / "test" / "data.csv").open() as file:
        known = list(csv.DictReader(file))
    names = [name for name in known[0] if name not in {"customer_id", "observed_at", "age_band", "churned"}]
    texts = {"contract", "payment_method"}
    rows = [[row[name] if name in texts else float(row[name]) for name in names] for row in known]
    return names, list(itertools.islice(itertools.cycle(rows), count))


def body(names: list[str], rows: list[list]) -> bytes:
    return json.dumps({"dataframe_split": {"columns": names, "data": rows}}).encode()


def load(program: Program, request: bytes, seconds: float) -> list[float]:
    """Ask for *seconds*; the time of each answer [s]."""
    took: list[float] = []
    failed: list[str] = []
    end = time.monotonic() + seconds

    def work() -> None:
        line = http.client.HTTPConnection("127.0.0.1", program.port, timeout=60)
        while (began := time.monotonic()) < end:
            line.request("POST", program.path, request, {"Content-Type": "application/json"})
            answer = line.getresponse()
            text = answer.read()
            if answer.status != 200:
                failed.append(f"{answer.status} {text[:200]!r}")
                return
            took.append(time.monotonic() - began)
        line.close()

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise SystemExit(failed[0])
    return took


def equal(running: dict[str, Program], names: list[str], rows: list[list]) -> None:
    """Stop unless all servers answer alike."""
    answers = {}
    for name, program in running.items():
        status, text = program.ask(body(names, rows))
        if status != 200:
            raise SystemExit(f"{name}: {status} {text[:200]!r}")
        found = json.loads(text)["predictions"]
        answers[name] = [one[1] if isinstance(one, list) else one for one in found]
    expected = answers["mlflow"]
    worst = max(abs(a - b) for other in answers.values() for a, b in zip(expected, other, strict=True))
    print(f"{len(rows):,} rows: the answers of {', '.join(answers)} differ by at most {worst:g}")
    if worst > 1e-12:
        raise SystemExit("they must not")


def online(running: dict[str, Program], names: list[str], rows: list[list], seconds: float) -> None:
    took: dict[tuple[str, str], list[float]] = {(name, size): [] for name in running for size in SIZES}
    for (name, size), turn in itertools.product(took, range(-1, ROUNDS)):
        if turn < 0:  # warm
            load(running[name], body(names, rows[: SIZES[size]]), 0.3)
    for _, (name, size) in itertools.product(range(ROUNDS), took):
        took[name, size] += load(running[name], body(names, rows[: SIZES[size]]), seconds / ROUNDS)
    print(f"\n{THREADS} callers, {seconds:g} s each in {ROUNDS} turns")
    print(f"{'':18}" + "".join(f"{size:>34}" for size in SIZES))
    for name in running:
        cells = []
        for size in SIZES:
            times = sorted(took[name, size])
            p99 = times[min(len(times) - 1, int(0.99 * len(times)))]
            middle = 1000 * statistics.median(times)
            cells.append(f"{len(times) / seconds:8.0f}/s, {middle:5.0f} ms, p99 {1000 * p99:5.0f} ms")
        print(f"{name:18}" + "".join(f"{cell:>34}" for cell in cells))


def offline(folder: Path, root: Path, names: list[str], count: int) -> None:
    """Spark and one process on the same file, with everything a job does: start, read, look at, predict, write."""
    source = folder / "customers.csv"
    with source.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["customer_id", *names])
        writer.writerows([f"C-{number}", *row] for number, row in enumerate(customers(root, count)[1]))
    (folder / "alone.py").write_text(ALONE)
    began = time.perf_counter()
    words = [root / "model", source, folder / "alone.csv", 10_000]
    said = json.loads(run([python(CHURN), folder / "alone.py", *words], env=env(CHURN, folder)))
    alone = time.perf_counter() - began
    print(f"\n{count:,} rows from CSV to CSV")
    print(f"{'one process':18}{count / alone:>12,.0f} rows/s with its start, {count / said['seconds']:,.0f} without")
    if why := java_missing():
        print(f"{'Spark':18}{why}")
        return
    python(BATCH)  # an installation is no work of Spark's
    began = time.perf_counter()
    out = scored(folder, root, source)
    print(f"{'Spark, local[2]':18}{count / (time.perf_counter() - began):>12,.0f} rows/s with its start")
    found = {}
    for part in (out / "predictions").glob("*.csv"):
        with part.open() as file:
            found |= {row["customer_id"]: float(row["prediction"]) for row in csv.DictReader(file)}
    with (folder / "alone.csv").open() as file:
        worst = max(abs(found[row["customer_id"]] - float(row["prediction"])) for row in csv.DictReader(file))
    print(f"{len(found):,} answers, which differ by at most {worst:g}")
    if worst > 1e-12 or len(found) != count:
        raise SystemExit("they must not")


def main() -> None:
    seconds = float(sys.argv[1]) if sys.argv[1:] else 10
    count = int(sys.argv[2]) if sys.argv[2:] else 200_000
    folder = Path(tempfile.mkdtemp(prefix="serving-"))
    try:
        root = trained(folder)
        names, rows = customers(root, COMPARED)
        with servers(folder, root, WANTED) as running:
            equal(running, names, rows)
            online(running, names, rows, seconds)
        offline(folder, root, names, count)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
