"""Our rules against Checkov on the same 500 resources, in the same run: net of start-up and as a whole process.

    ./mlz test --help && .venv/bin/python -m benchmarks.policies_checkov [RUNS]

Checkov is installed outside the project, in the user's cache. The resources are those cases of tests/policies/cases,
violating and legal, whose type Checkov has a check for, so neither side gets resources it need not judge; Checkov reads
the equivalent Terraform plan (benchmarks/terraform_plan.py says what that means). The tools take turns, after one run
each that warms caches. Net of start-up is the command on 500 resources less the same command on one, in CPU seconds,
which say almost the same on a busy machine; `in process` is ours again, from the file's text to its findings, without
the noise of two processes.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.policy_speed import ROOT, best, changed
from benchmarks.terraform_plan import plan, type_name
from local.engine import cache_folder
from policies.evaluate import evaluate
from policies.read import parse, read
from policies.rules import rules_for

CHECKOV = "3.3.30"
COUNT = 500
KNOWN = """
import json, pkgutil
from importlib import import_module
import checkov.terraform.checks.resource.aws as checks
from checkov.terraform.checks.resource.registry import resource_registry
for module in pkgutil.iter_modules(checks.__path__):
    import_module(f"{checks.__name__}.{module.name}")
print(json.dumps(sorted(resource_registry.checks)))
"""


def installed() -> Path:
    """Checkov's folder of commands; installed on first use."""
    virtual = cache_folder(os.environ) / f"checkov-{CHECKOV}"
    if not (virtual / "bin" / "checkov").exists():
        print(f"installing Checkov {CHECKOV} into {virtual} (once, a few minutes) …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", virtual], check=True)
        pip = [virtual / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, f"checkov=={CHECKOV}"], check=True)
    return virtual / "bin"


def timed(command: list) -> tuple[float, float, str]:
    """Wall and CPU seconds of *command* and all it started, and what it printed."""
    # Where it is set, as in container images, Checkov would compile itself anew each time; mlz unsets it for itself.
    env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    before = os.times()
    started = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    wall = time.perf_counter() - started
    after = os.times()
    if done.returncode not in {0, 1}:  # 1: something is refused
        sys.exit(f"{command[0]} ended with {done.returncode}: {done.stderr[-2000:]}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return wall, cpu, done.stdout


def main(runs: int) -> None:
    commands = installed()
    asked = subprocess.run([commands / "python", "-c", KNOWN], capture_output=True, text=True, check=True)
    known = set(json.loads(asked.stdout))
    given = changed(COUNT, lambda token: type_name(token) in known)
    types = {each.type for each in given}
    with tempfile.TemporaryDirectory() as folder:
        tools = {}
        for size in (1, COUNT):
            ours, theirs = Path(folder) / f"ours-{size}.json", Path(folder) / f"plan-{size}.json"
            chosen = given[:size]
            ours.write_text(
                json.dumps({"resources": [{"type": e.type, "name": e.name, "props": e.props} for e in chosen]})
            )
            theirs.write_text(json.dumps(plan(chosen)))
            checkov = [commands / "checkov", "-f", theirs, "--framework", "terraform_plan", "--skip-download"]
            tools["mlz", size] = [ROOT / "mlz", "policy", ours, "--format", "json"]
            tools["checkov", size] = [*checkov, "--quiet", "--compact", "-o", "json"]
        text = (Path(folder) / f"ours-{COUNT}.json").read_text()
        for command in tools.values():
            timed(command)
        taken = {tool: [] for tool in tools}
        for _ in range(runs):
            for tool, command in tools.items():
                taken[tool].append(timed(command))
    inside = best(lambda: evaluate(read(parse(text, "text"), "text").resources, {}))
    judged = sum(len(rules_for(each.type)) for each in given)
    summary = json.loads(taken["checkov", COUNT][0][2])["summary"]
    checks = summary["passed"] + summary["failed"] + summary["skipped"]
    print(f"{COUNT} resources of {len(types)} types, median of {runs} runs by turns, best of 7 in process")
    print(f"evaluated: {judged} rules on resources by mlz, {checks} checks on resources by Checkov {CHECKOV}")
    table(taken, inside, judged, checks)
    print(f"load of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def table(taken: dict, inside: float, judged: int, checks: int) -> None:
    """Print seconds, rates and how many times faster ours are."""
    middle = {
        (tool, size, what): statistics.median(run[place] for run in runs)
        for (tool, size), runs in taken.items()
        for place, what in enumerate(("wall", "cpu"))
    }
    net = {tool: middle[tool, COUNT, "cpu"] - middle[tool, 1, "cpu"] for tool in ("mlz", "checkov")}
    rows = [
        ("whole process, wall", middle["mlz", COUNT, "wall"], middle["checkov", COUNT, "wall"]),
        ("whole process, CPU", middle["mlz", COUNT, "cpu"], middle["checkov", COUNT, "cpu"]),
        ("one resource, CPU", middle["mlz", 1, "cpu"], middle["checkov", 1, "cpu"]),
        ("net of start-up, CPU", net["mlz"], net["checkov"]),
        ("in process / net, CPU", inside, net["checkov"]),
    ]
    print(f"{'':<22} {'mlz s':>8} {'checkov s':>9} {'times':>6}   {'resources/s':>13}   {'evaluations/s':>15}")
    for what, ours, theirs in rows:
        rates = ("", "")
        if not what.startswith("one"):
            rates = (
                f"{COUNT / ours:,.0f} : {COUNT / theirs:,.0f}",
                f"{judged / ours:,.0f} : {checks / theirs:,.0f}",
            )
        print(f"{what:<22} {ours:>8.3f} {theirs:>9.3f} {theirs / ours:>6.1f}   {rates[0]:>13}   {rates[1]:>15}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 5)
