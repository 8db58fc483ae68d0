"""What every account has: its provider, its published contract, its budget."""
