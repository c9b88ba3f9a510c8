"""What pages and commands both do."""
