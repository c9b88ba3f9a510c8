"""What follows from the data: composite indicators, uncertainty, explanation, allocation."""
