"""Numeric derivatives, and how far each is from the exact one."""
