"""The commands of the command line, one file each; ``dashboard.cli`` registers them."""
