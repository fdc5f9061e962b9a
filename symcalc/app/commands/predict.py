"""`symcalc predict`: a saved run on new rows, as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from symcalc.app.failures import BAD_ANSWER, DONE
from symcalc.app.output import Output, output_options
from symcalc.errors import InputError

if TYPE_CHECKING:
    from symcalc.sources.table import Table


@click.command(short_help="A saved run on new rows, as CSV.")
@click.argument("run", metavar="RUN.json", type=str)
@click.option(
    "--data", metavar="FILE", required=True, help="CSV file with the new rows; only columns used must be there."
)
@click.option("--name", metavar="NAME", help="Which definition predicts; the model the loss compares with a column.")
@click.option("-o", "--output", "target", metavar="FILE", help="Write here instead of to standard output.")
@output_options
def command(run: str, data: str, name: str | None, target: str | None, out: Output) -> int:
    """Predictions of a saved run for new rows: the file's columns, and one more.

    Statistics of the training data, such as mean(x), keep the value they had in training.

    \b
    Examples:
      symcalc descend movies --save run.json
      symcalc predict run.json --data new.csv
      symcalc predict run.json --data new.csv --name p -o predicted.csv
    """
    from symcalc.app.saved_model import read_model
    from symcalc.catalogue.lessons import LESSONS
    from symcalc.sources.reading import read as read_data
    from symcalc.views import predictions

    model = read_model(run)
    rows = read_data(data, {word: lesson.columns for word, lesson in LESSONS.items()})
    if rows is None:
        raise InputError("There are no new rows: give --data FILE.")
    found = model.predict(rows, name)
    word, compared = model.target(name)
    header = _free_header(word or "prediction", rows)
    if out.json:
        text = out.json_text(predictions.document(model.program.loss.text, model.point, header, found))
    else:
        text = predictions.csv_text(rows, header, found)
    _deliver(text, target, out)
    if compared is not None:
        out.tell(f"symcalc: predicted {word or 'what the loss compares with ' + compared}, as the column {header}.")
    bad = predictions.not_finite(found)
    if bad:
        out.tell(f"symcalc: {bad}")
    return BAD_ANSWER if bad else DONE


def _free_header(word: str, rows: Table) -> str:
    """The header of the new column: a file that has it already keeps its own."""
    while word in rows.names:
        word += "_predicted"
    return word


def _deliver(text: str, target: str | None, out: Output) -> Any:
    if target is None:
        out.write(text.removesuffix("\n"))
        return
    from symcalc.sources.run_file import write_atomically

    write_atomically(target, text)
