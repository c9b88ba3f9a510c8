"""One step a module; a released one is never changed."""
