"""Reads accounts/ and decides what will exist. Pure: imports neither pulumi nor boto3."""
