"""What is measured: each module has ``measure()`` -> name -> {ours, reference, ratio, unit, what}."""
