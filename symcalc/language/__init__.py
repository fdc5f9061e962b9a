"""Text, names and shapes become a loss."""
