"""The programs people start: command line, server, navigation between pages."""
