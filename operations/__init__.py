"""Day 2: what is done once, or now and then, to a landing zone that runs."""
