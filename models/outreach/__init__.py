"""What outreach reached, what is left, and who comes first."""
