"""A picture: a matplotlib figure with its title and its words for those who do not see it."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from symcalc.views.figures.rendering import rendered


@dataclass(frozen=True)
class Caption:
    """What one panel shows, in words.

    Attributes:
        title: A few words: what it is.
        alt: One or more sentences, with the numbers of the run.
    """

    title: str
    alt: str


@dataclass(frozen=True)
class Picture:
    """A figure with its words; `save.save` writes it to a file.

    Attributes:
        figure: A `matplotlib.figure.Figure`, with no window attached.
        title: A few words: what it is.
        alt: What is to be seen, in sentences, with the numbers of the run.
    """

    figure: Any
    title: str
    alt: str

    def save(self, path: Any) -> None:
        """Write it as .png, .svg or .pdf, by the ending of the path.

        Raises:
            InputError: The ending is another one, or the file cannot be written.
        """
        from symcalc.views.figures.save import save

        save(self, path)

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, Any]]:
        """What a notebook shows: the image, with the words as its alternative text."""
        image = base64.b64encode(rendered(self.figure, "png", self.title, self.alt)).decode("ascii")
        return {"image/png": image, "text/plain": self.alt}, {"image/png": {"alt": self.alt}}


def side_by_side(figure: Any, captions: list[Caption]) -> Picture:
    """One picture of several panels."""
    return Picture(figure, "; ".join(c.title for c in captions), " ".join(c.alt for c in captions))
