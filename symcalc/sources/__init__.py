"""Readers of tables: the only part below the app that opens files."""
