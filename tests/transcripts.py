"""Console blocks of a page: each command, how it must end, and what it must print."""

import re

EXITS = re.compile(r"\s+# exits (\d)$")


def transcript(page):
    """Yield each command of the page's console blocks, the exit code it must have, and the lines it must print."""
    for block in re.findall(r"```console\n(.*?)```", page, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *lines = part.rstrip("\n").split("\n")
            found = EXITS.search(command)
            yield EXITS.sub("", command), int(found[1]) if found else 0, [line for line in lines if line.strip("… ")]


def printed(line, output):
    """Whether a line of the page was printed; … stands for anything."""
    pattern = ".*".join(re.escape(part.strip()) for part in line.split("…"))
    return re.search(pattern, output) is not None
