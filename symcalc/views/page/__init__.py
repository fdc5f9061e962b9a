"""Pages that work in a browser: the bench with its sliders and pictures, and the one-file report."""
