"""Patterns among communes: hot spots, clusters, types."""
