"""The rules: plain functions over plain data in one registry; no pulumi import."""
