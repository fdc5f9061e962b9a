"""How Sphinx makes a web site of these pages."""

project = "symcalc"
extensions = ["myst_parser"]
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "symcalc"
exclude_patterns = ["_build"]
# Output fences hold `…` and arrows, which no highlighter knows.
suppress_warnings = ["misc.highlighting_failure"]
