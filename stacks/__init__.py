"""Which components make up a stack: composition only."""
