"""How far a ranking can be relied on: draws, sensitivity, comparison."""
