"""The pages: the map of risk, the analyst's, outreach."""
