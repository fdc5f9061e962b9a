"""A picture as SVG inside a page, with its words below it."""

from __future__ import annotations

from symcalc.views.figures.picture import Picture
from symcalc.views.figures.rendering import rendered
from symcalc.views.page.markup import text


def svg(picture: Picture) -> str:
    """The picture as an SVG element, its words where screen readers look for them."""
    drawn = rendered(picture.figure, "svg", picture.title, picture.alt).decode("utf-8")
    return drawn[drawn.index("<svg") :]


def figure(picture: Picture) -> str:
    """The picture as a figure that is never wider than its page; on white, as it was drawn, in the dark too."""
    drawn = svg(picture).replace("<svg ", '<svg style="max-width: 100%; height: auto; background: #fff" ', 1)
    return f'<figure style="margin: 0.5em 0">{drawn}<figcaption>{text(picture.alt)}</figcaption></figure>'
