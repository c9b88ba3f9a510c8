"""Any file into a raw table or raw geometry, and files written whole or not at all."""
