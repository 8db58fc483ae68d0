from pathlib import Path

import accounts
from accounts.guardrail_page import FILE, page
from accounts.plan import read


def test_the_page_about_guardrails_is_what_the_plan_says():
    written = FILE.read_text()

    assert page(read(Path(accounts.__file__).parent).organization) == written, "python -m accounts.guardrail_page"
