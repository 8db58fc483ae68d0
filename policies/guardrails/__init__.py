"""The guardrails pack: a folder the engine runs."""
