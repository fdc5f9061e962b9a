"""Equations and formulas as text and LaTeX."""
