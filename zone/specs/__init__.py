"""What the user's YAML says: types, loading, and all problems at once with file, line, key, value and remedy."""
