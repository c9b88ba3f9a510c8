"""The composite index: framework, methods, assessment, explanation."""
