"""What people see: the app, the command line, maps and exports."""
