"""HOW it is made: one noun a file, ComponentResources only."""
