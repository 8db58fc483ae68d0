"""An MLflow model as a REST service: one folder, any model with a signature."""
