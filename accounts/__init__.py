"""WHAT exists: specs, addresses, names and the plan. Pure: imports neither pulumi nor boto3."""
