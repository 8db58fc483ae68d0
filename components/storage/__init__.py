"""Buckets that know one key, one account and our endpoints."""
