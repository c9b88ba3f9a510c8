"""Whether the score agrees with what is known from outside."""
