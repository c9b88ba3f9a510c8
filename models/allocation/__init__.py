"""Who goes where, when, with what: outreach sessions under a budget, their solvers and their explanations."""
