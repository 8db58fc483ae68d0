"""The copy of the example's accounts that a rehearsal has: made once, and put right where its registry has ended."""

import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

from cli.model_place import COPY, Chosen, Rehearsed
from operations.model.deploy import forget_versions, set_version
from tests.cli.test_model_command import FILE
from zone.plan.planner import EXAMPLES, read


def test_two_first_commands_at_once_get_one_copy_of_the_examples_accounts(tmp_path):
    said = Chosen(environment="dev", team=None, accounts=None, state=tmp_path / "state", local=False)
    with ThreadPoolExecutor(8) as pool:
        made = [each.result().accounts for each in [pool.submit(said.example) for _ in range(8)]]

    assert {tmp_path / "state" / "accounts"} == set(made)
    assert [made[0]] == list((tmp_path / "state").iterdir())
    assert (made[0] / "dev" / "churn.yaml").is_file()


def test_what_an_ended_registry_had_is_taken_out_and_comments_stay(tmp_path):
    file = tmp_path / "churn.yaml"
    file.write_text(FILE)
    set_version(file, "tiny", 3)
    changes = forget_versions(file, "tiny")

    left = re.sub(" +#", " #", file.read_text())  # a comment stays in its column
    assert FILE.replace("    version: 1 # the first\n", "") == left
    assert {(3, None)} == {(each.before, each.after) for each in changes}
    assert [] == forget_versions(file, "tiny")


def test_a_fresh_rehearsal_of_the_example_forgets_what_the_ended_one_deployed(tmp_path, capsys):
    copy = tmp_path / COPY
    shutil.copytree(EXAMPLES.with_name("churn"), copy)
    for environment in ("dev", "prod"):
        set_version(copy / environment / "churn.yaml", "churn", 4)
    fresh = SimpleNamespace(accounts=copy, lock=copy / "ids.lock.yaml", zone=read(copy, copy / "ids.lock.yaml"))
    assert fresh.zone.teams["dev-churn"].serving["churn"].version == 4
    Rehearsed._forget(fresh)

    assert {None} == {each.version for team in fresh.zone.teams.values() for each in team.serving.values()}
    assert "dev/churn.yaml: endpoints.churn.version: 4 → none: its registry has ended" in capsys.readouterr().err
    assert "# Nothing is deployed" in (copy / "dev" / "churn.yaml").read_text()
