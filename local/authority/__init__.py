"""The emulated AWS decides each call as AWS does: by the policies it holds at that moment."""
