"""What is measured: every module here has ``measure()``, which returns ``name -> {ours, reference, ratio, unit, what}``."""
