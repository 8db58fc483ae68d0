"""A model's life on AWS: run its steps as SageMaker jobs, judge, register, compare, promote, deploy, roll back."""
