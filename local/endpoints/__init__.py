"""SageMaker's endpoints, served here: a process for each variant, and what AWS does around it."""
