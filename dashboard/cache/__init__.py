"""What is computed once and shown often."""
