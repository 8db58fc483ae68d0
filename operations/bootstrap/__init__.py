"""What must be there before Pulumi can run: a place for its state, and the roles under which CI deploys.

    work = Work(yes=False, report=print)
    outcome = bootstrap(zone, project, work)      # work.rows: what is there, what would be made or changed

Each step looks first, compares, and changes only what it made itself; so a second run does nothing, and a killed one
goes on with the same command.
"""
