"""What answers with a team's models."""
