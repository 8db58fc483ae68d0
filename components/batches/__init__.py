"""Predictions for many records at once, by schedule."""
