"""Walking down a loss."""
