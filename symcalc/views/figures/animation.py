"""A run as a moving picture: data with the model, the way down, the loss, in step with the printed formulas.

The whole run is drawn once; each frame shows as much of it as has been walked. GIF and APNG are written by
Pillow, which comes with matplotlib; the page holds its frames itself and needs nothing else.
"""

from __future__ import annotations

import base64
import html
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from symcalc.errors import InputError
from symcalc.views.figures.fit import model_curve
from symcalc.views.figures.rendering import rendered
from symcalc.views.figures.run import run_picture
from symcalc.views.figures.slices import until_far
from symcalc.views.look import Look
from symcalc.views.steps import StepLines

FORMATS = (".gif", ".apng", ".html")
MOST, DOTS = 40, 100


@dataclass(frozen=True)
class Frame:
    """One picture of a run.

    Attributes:
        index: The step it stands at.
        image: The picture, a Pillow image.
        text: The formulas of that step with their numbers, as printed.
    """

    index: int
    image: Any
    text: str


def frames(trace: Any) -> Iterator[Frame]:
    """The pictures of a run, at most MOST of them, the first and the last step among them."""
    from PIL.PngImagePlugin import PngImageFile

    picture = run_picture(trace)
    figure, shown = picture.figure, max(1, until_far(np.asarray(trace.losses)))
    lines = StepLines(trace, Look(width=100))
    whole = _Whole(trace, figure)
    figure.axes[0].set_title(figure.axes[0].get_title(loc="left").partition(" at ")[0], loc="left")
    for k in np.unique(np.linspace(0, shown - 1, min(shown, MOST)).astype(int)):
        whole.upto(int(k))
        image = PngImageFile(io.BytesIO(rendered(figure, "png", picture.title, picture.alt, DOTS))).convert("RGB")
        step = trace.steps[int(k)]
        yield Frame(step.index, image, "\n".join(lines.lines(step, True)))


class _Whole:
    """The artists of a whole run, and as much of each as belongs to a step."""

    def __init__(self, trace: Any, figure: Any) -> None:
        self.trace = trace
        self.parts = [{a.get_gid(): a for a in axes.get_children() if a.get_gid()} for axes in figure.axes]
        self.lines: list[tuple[Any, Any, Any]] = []  # line, its mark at the end, all points
        for own in self.parts:
            line = own.get("path") or own.get("visited") or own.get("curve")
            if line is not None and len(line.get_xydata()) > 1:
                self.lines.append((line, own.get("end"), np.array(line.get_xydata())))
            for gid in ("residuals", "before", "predicted", "landing", "step", "tangent"):
                if gid in own:
                    own[gid].set_visible(False)
        self.model = next((own["model"] for own in self.parts if "model" in own), None)

    def upto(self, k: int) -> None:
        """Shows the run up to its k-th step."""
        count = len(self.trace.losses)
        for line, end, points in self.lines:
            # Long paths are thinned when they are drawn.
            until = max(1, min(len(points), round((k + 1) / count * len(points))))
            line.set_data(*points[:until].T)
            if end is not None:
                end.set_data(*points[until - 1 : until].T)
        if self.model is not None:
            grid = np.asarray(self.model.get_xdata(), dtype=float)
            self.model.set_ydata(model_curve(self.trace.program, self.trace.steps[k].point, grid))


def save(trace: Any, path: str, seconds: float = 0.25) -> str:
    """Writes a run as a GIF, an APNG or a page.

    Args:
        trace: The run.
        path: Where to; the ending says the form.
        seconds: How long each frame stands.

    Returns:
        What is to be seen, in words.

    Raises:
        InputError: The ending is none of FORMATS.
    """
    from symcalc.sources.run_file import write_atomically

    ending = Path(path).suffix.lower()
    if ending not in FORMATS:
        raise InputError(
            f"A moving picture is written as {', '.join(FORMATS)}, not {ending or 'without ending'}: {path}"
        )
    found = list(frames(trace))
    alt = f"{run_picture(trace).alt} {len(found)} pictures, from step {found[0].index} to step {found[-1].index}."
    if ending == ".html":
        write_atomically(path, _page(found, alt, seconds).encode("utf-8"))
        return alt
    stream, (first, *more) = io.BytesIO(), [f.image for f in found]
    times = [round(1000 * seconds)] * (len(found) - 1) + [max(1500, round(1000 * seconds))]
    if ending == ".gif":
        first.save(stream, "GIF", save_all=True, append_images=more, duration=times, loop=0, comment=alt.encode()[:200])
    else:
        first.save(stream, "PNG", save_all=True, append_images=more, duration=times, loop=0)
    write_atomically(path, stream.getvalue())
    return alt


def _page(found: list[Frame], alt: str, seconds: float) -> str:
    images = []
    for frame in found:
        stream = io.BytesIO()
        frame.image.save(stream, "PNG", optimize=True)
        images.append("data:image/png;base64," + base64.b64encode(stream.getvalue()).decode("ascii"))
    held = json.dumps([{"image": i, "text": f.text} for i, f in zip(images, found)], ensure_ascii=False).replace(
        "<", "\\u003c"
    )
    return (
        _PAGE.replace("{alt}", html.escape(alt, quote=True))
        .replace("{seconds}", repr(seconds))
        .replace("{frames}", held)
    )


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>A descent, step by step</title>
<style>
body { font: 1rem/1.4 system-ui, sans-serif; margin: 1rem auto; max-width: 90rem; padding: 0 1rem; }
img { max-width: 100%; height: auto; } pre { min-height: 9em; overflow-x: auto; } input { width: min(40rem, 90%); }
</style>
</head>
<body>
<img id="picture" alt="{alt}">
<p><button type="button" id="play">Play</button> <input type="range" id="at" min="0" value="0" aria-label="step"></p>
<pre id="text" aria-live="polite"></pre>
<script>
const frames = {frames}, at = document.getElementById("at"), play = document.getElementById("play");
let timer = null;
const show = k => { document.getElementById("picture").src = frames[k].image; document.getElementById("text").textContent = frames[k].text; at.value = k; };
at.max = frames.length - 1;
at.oninput = () => show(Number(at.value));
const stop = () => { clearInterval(timer); timer = null; play.textContent = "Play"; };
play.onclick = () => {
  if (timer) { stop(); return; }
  if (Number(at.value) === frames.length - 1) show(0);
  play.textContent = "Pause";
  timer = setInterval(() => { const k = Number(at.value) + 1; if (k < frames.length) show(k); else stop(); }, 1000 * {seconds});
};
show(0);
</script>
</body>
</html>
"""
