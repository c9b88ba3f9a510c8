"""Makes the files of data/ from public sources; never imported while the product runs."""
