"""HTTP APIs of API Gateway in front of endpoints: what is deployed, who may ask, and what answers."""
