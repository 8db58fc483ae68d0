from pathlib import Path

from zone.plan.guardrail_page import FILE, page
from zone.plan.planner import EXAMPLES, read

ROOT = Path(__file__).parents[2]


def test_the_page_about_guardrails_is_what_the_plan_says():
    written = FILE.read_text()

    assert page(read(EXAMPLES).organization) == written, "run `python -m zone.plan.guardrail_page`"
