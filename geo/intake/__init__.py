"""A stranger's table, taken into one of ours."""
