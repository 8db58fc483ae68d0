"""Which customers will leave: a model's whole life, one step a command (`python -m churn STEP`)."""

import os

# Threads that wait for each other sleep instead of spinning: on a shared machine a step takes half the time.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
