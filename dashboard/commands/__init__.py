"""The commands of the command line, one file each; ``dashboard.app.cli`` registers them."""
