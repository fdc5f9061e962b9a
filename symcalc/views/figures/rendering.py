"""A figure as the bytes of a file: PNG, SVG or PDF, the same bytes each time."""

from __future__ import annotations

import io
import warnings
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from symcalc.views.figures.style import styled

FORMATS = ("png", "svg", "pdf")


@styled()
def rendered(figure: Any, form: str, title: str, alt: str, dpi: int = 150) -> bytes:
    """The bytes of a file that holds the figure and its words.

    Args:
        figure: A matplotlib figure.
        form: One of FORMATS.
        title: Goes into the file as its title.
        alt: Goes into the file as its description.
        dpi: Pixels per inch of a PNG.
    """
    title, alt = _printable(title), _printable(alt)
    # Without dates and versions the same figure is the same file.
    metadata: dict[str, dict[str, str | None]] = {
        "png": {"Title": title, "Description": alt, "Software": None},
        "svg": {"Date": None, "Creator": None},
        "pdf": {"Title": title, "Subject": alt, "CreationDate": None, "Creator": None, "Producer": None},
    }
    stream = io.BytesIO()
    with warnings.catch_warnings():
        # A name in a script the font lacks is drawn as boxes; the words still hold it.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure.savefig(stream, format=form, dpi=dpi, metadata=metadata[form])
    image = stream.getvalue()
    return _with_words(image, title, alt) if form == "svg" else image


def _with_words(image: bytes, title: str, alt: str) -> bytes:
    """An SVG with its words where screen readers look for them."""
    head, opening, rest = image.decode("utf-8").partition("<svg ")
    attributes, _, body = rest.partition(">")
    words = f"\n <title>{escape(title)}</title>\n <desc>{escape(alt)}</desc>"
    return f'{head}{opening}role="img" aria-label={quoteattr(alt)} {attributes}>{words}{body}'.encode()


def _printable(text: str) -> str:
    # Control characters are not allowed in XML.
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
