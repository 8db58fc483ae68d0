"""What SageMaker runs for a team, run here: containers, jobs."""
