"""The plan as one self-contained page: what exists, who reaches what, what it costs."""
