"""Rows of text: losses, surfaces, optimizers, lessons."""
