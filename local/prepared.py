"""Importing this is all a process needs before it is forked into an emulated AWS; for those who start many."""

from local.server import prepare

prepare()
