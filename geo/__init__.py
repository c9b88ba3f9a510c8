"""Where things are: units, boundaries, layers and the features made of them."""
