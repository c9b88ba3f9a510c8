"""Which team goes where, when and with what; where teams should be based."""
