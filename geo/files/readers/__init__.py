"""The readers of geodata, which run in a child process with limits."""
