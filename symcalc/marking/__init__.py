"""Judging what somebody says a slope is: equal or not, and if not, which mistake leads there."""
