"""What starts by schedule: where schedules are kept, under which role, and what becomes of runs that fail to start."""
