"""What a set of data is checked for before it goes out, and how it is fetched."""
