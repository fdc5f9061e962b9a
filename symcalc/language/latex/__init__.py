"""LaTeX as a second spelling of the language: a strict subset, read into the same trees."""
