"""What a notebook shows of each public value: text, LaTeX, HTML with MathML and inline SVG; and the widget's page."""
