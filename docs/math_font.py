"""Makes the font of formulas that pages carry: the part of STIX Two Math (2.12) that symcalc writes with.

python docs/math_font.py STIXTwoMath.ttf        needs fonttools and brotli; the source is that of the STIX Fonts project

The SIL Open Font License stands beside the result; its reserved name, "TM Math", is not that of this font.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

TARGET = Path(__file__).parents[1] / "symcalc" / "views" / "page" / "stix-two-math.woff2"
SIGNS = "±·×÷¬∂∇∑∏√∞∫−∗⋅∈≠≤≥≈←→↦∥‖′…⋯⟨⟩⌈⌉⌊⌋⊙⊤ℓℎ¯‾˜\u0302\u0303\u0304\u0305\u2061\u2062\u2063\u2064"
# Latin, Greek, and the italic and bold letters that a browser writes names of one letter with.
RANGES = ((0x20, 0x7F), (0x370, 0x3FF), (0x1D400, 0x1D468), (0x1D6E2, 0x1D71C))


def main(source: str) -> None:
    """Writes the subset; sizes of brackets, roots and sums come along by the font's own table."""
    options = subset.Options(layout_features=["ssty", "kern", "dtls"], hinting=False, notdef_outline=True)
    font = TTFont(source)
    maker = subset.Subsetter(options)
    maker.populate(unicodes={ord(sign) for sign in SIGNS} | {code for low, high in RANGES for code in range(low, high)})
    maker.subset(font)
    font.flavor = "woff2"
    font.save(TARGET)
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes, {font['maxp'].numGlyphs} glyphs")


if __name__ == "__main__":
    main(sys.argv[1])
