"""Formulas, gradients and optimizers as JavaScript, for pages that work without Python."""
