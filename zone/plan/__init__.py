"""What will exist: every decision that crosses accounts, made once and frozen."""
