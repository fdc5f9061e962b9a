"""The derivation of a gradient, line by line: made from the very equations that work it out."""
