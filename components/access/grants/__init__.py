"""Pure: what each role may do, compiled from the team's declared intent into IAM statements."""
