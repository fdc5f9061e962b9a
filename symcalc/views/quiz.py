"""What became of a quiz: a table of learners and questions, what went wrong, and what went wrong most often."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symcalc.marking.quiz import Marked, common
from symcalc.views.tables import folded, table

SIGNS = {"correct": "right", "wrong": "wrong", "unreadable": "?", "missing": "-"}


def lines(everybody: Sequence[Marked], width: int = 80) -> list[str]:
    """The table, then a line for each answer that is not right, then the mistakes by how often they came."""
    count = max((len(one.marks) for one in everybody), default=0)
    head = ["learner", *(str(k + 1) for k in range(count)), "score"]
    rows = [[one.learner, *(SIGNS[m.verdict] for m in one.marks), f"{one.score}/{count}"] for one in everybody]
    made = table(rows, head, [False, *[False] * count, True], indent=0)
    made.append("")
    for one in everybody:
        for mark in one.marks:
            if mark.verdict not in ("correct", "missing"):
                answer = f"  {mark.answer}" if mark.answer else ""
                made += folded(f"{one.learner} {mark.question}:{answer}", width)
                made += folded(mark.diagnosis, width, 4, 4)
    often = common(everybody)
    if often:
        made += ["", "most often"]
        made += [f"  {times} x question {question}: {name}" for question, name, times in often[:8]]
    return made


def document(everybody: Sequence[Marked]) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "learners": [
            {
                "learner": one.learner,
                "score": one.score,
                "marks": [
                    {
                        "question": m.question, "answer": m.answer, "verdict": m.verdict, "diagnosis": m.diagnosis,
                        "mistakes": list(m.mistakes),
                    }
                    for m in one.marks
                ],
            }
            for one in everybody
        ],
        "mistakes": [{"question": q, "mistake": name, "times": times} for q, name, times in common(everybody)],
    }  # fmt: skip
