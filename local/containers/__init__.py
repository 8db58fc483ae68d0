"""What SageMaker runs for a team, run here: images that are folders, and containers that are processes."""
