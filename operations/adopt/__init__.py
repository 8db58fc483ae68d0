"""An organisation that is there already: read it, decide what of it becomes ours, write that down. AWS is only read."""
