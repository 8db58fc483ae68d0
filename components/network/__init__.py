"""Private networks: no way to the internet, AWS through endpoints, flow logs."""
