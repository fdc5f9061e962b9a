"""What the bend of a loss says: which rates can work, what kind of place a point is, how sharp an end is."""
