"""A real MLflow behind the emulated tracking servers and MLflow Apps: started when first asked, its calls decided."""
