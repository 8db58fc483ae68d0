"""KMS keys: who administers one cannot use it."""
