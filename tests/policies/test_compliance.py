from policies.compliance import FILE, table


def test_the_compliance_table_is_what_the_registry_says():
    assert table() == FILE.read_text()
