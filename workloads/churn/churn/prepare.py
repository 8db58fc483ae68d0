"""Raw customers become clean ones, in three parts and a small extract, with a report that says what was wrong."""

from churn import page, sample
from churn.clean import clean
from churn.columns import ALL, LABEL
from churn.explore import draw, summary
from churn.place import output, received, write_json
from churn.split import split
from churn.validate import breaches, read_raw, report


def prepare() -> None:
    """Check, clean, split. The report is written also where the rows are refused afterwards.

    Raises:
        RefusedError: columns are missing, or too many rows are bad.
    """
    raw = read_raw(received("raw", "customers.csv"))
    found = breaches(raw)
    said = report(raw, found)
    write_json(output("report", "validation.json"), said)
    rows = [(breach["row"], breach["column"], breach["rule"], breach["value"]) for breach in said["breaches"]]
    parts = [
        ("Breaches by rule", page.table(["Rule", "Cells"], list(said["by_rule"].items()))),
        ("Breaches", page.table(["Row", "Column", "Rule", "Value"], rows)),
        ("Columns", page.table(["Column", "Meaning"], [(column.name, column.about) for column in ALL])),
    ]
    title, line = "Customers", f"{said['bad_rows']} of {said['rows']} rows break a rule."
    page.write(output("report", "index.html"), title, line, parts)
    frame = clean(raw, found)
    shown = summary(frame)
    write_json(output("report", "summary.json"), shown)
    pictures = draw(frame, output("report", "x").parent)
    facts = page.table(
        ["", *next(iter(shown["numbers"].values()))], [(n, *v.values()) for n, v in shown["numbers"].items()]
    )
    page.write(output("report", "index.html"), title, line, [("Clean rows", facts), *parts], pictures)
    frame.to_csv(output("clean", "customers.csv"), index=False)
    sample.write(frame)
    for name, part in split(frame).items():
        part.to_csv(output(name, "data.csv"), index=False)
        print(f"{name}: {len(part)} customers, {part[LABEL.name].mean():.1%} left")
