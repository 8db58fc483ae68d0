"""Importing this is all a process needs before it is forked into an emulated AWS."""

import os

os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"  # as the servers of local.cloud have it; moto asks while it reads

from local.server import prepare

prepare()
