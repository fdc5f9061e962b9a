"""The only place that prints and reads arguments."""
