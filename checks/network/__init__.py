"""Where packets really go: the networks of recorded stacks as a graph, and what the plan promises proved on it."""
