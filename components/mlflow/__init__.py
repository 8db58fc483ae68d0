"""MLflow on Fargate: its server, database, balancer and what watches over them."""
