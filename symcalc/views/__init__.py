"""Values become text and figures."""
