"""Recorded incidents, set against the index and never fed into it."""
