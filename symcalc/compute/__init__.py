"""Equations become fast NumPy."""
