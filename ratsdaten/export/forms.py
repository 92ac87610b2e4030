"""The forms a table can be taken along in: from column names and rows to a file, piece by piece."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Rows = Iterable[Sequence[Any]]

#: Characters of a piece: large enough that handing it on costs nothing, small enough to hold many.
PIECE = 1 << 17

#: What a spreadsheet takes for a formula, wherever it stands first.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
#: What Excel would turn into a day or a number: an agenda's "2.1", a year and month, "0402". Whole days it may have.
_MISREAD = re.compile(
    r"\d{1,2}[./-]\d{1,2}([./-](\d{2}|\d{4})?)?|\d{1,2}[./-]\d{4}|\d{4}[./-]\d{1,2}"
    r"|0\d+|\d{12,}|\d{1,3}(\.\d{3})+|\d+[eE]\d+"
)
#: Characters a cell of Excel can hold.
_LONGEST_CELL = 32_767
_CUT = " … [hier gekürzt; vollständig in der einfachen CSV-Datei]"


@dataclass(frozen=True, slots=True)
class Form:
    """``write`` yields the file's bytes; one row is in memory at a time."""

    content_type: str
    write: Callable[[Sequence[str], Rows], Iterator[bytes]]


def plain_csv(columns: Sequence[str], rows: Rows) -> Iterator[bytes]:
    """RFC 4180 in UTF-8: comma, CRLF, quotes where needed. NULL is an empty field."""
    return _csv(columns, rows, lambda value: value.hex() if isinstance(value, bytes) else value)


def excel_csv(columns: Sequence[str], rows: Rows) -> Iterator[bytes]:
    """For German spreadsheets: semicolons, a byte order mark, a decimal comma, and no text that is run or misread."""
    return _csv(columns, rows, excel_cell, delimiter=";", opening="\ufeff")


def excel_cell(value: Any) -> Any:
    """A value as a German spreadsheet should read it. Text it would take for a formula, a day or a number gets an
    apostrophe in front; text longer than its cells is cut and says so."""
    if isinstance(value, float):
        return str(value).replace(".", ",")
    if isinstance(value, bytes):
        value = value.hex()
    if not isinstance(value, str):
        return value
    if len(value) * 2 > _LONGEST_CELL and len(value.encode("utf-16-le")) // 2 > _LONGEST_CELL:
        value = value[: (_LONGEST_CELL - len(_CUT)) // 2] + _CUT
    return f"'{value}" if _FORMULA.match(value) or _MISREAD.fullmatch(value) else value


def _csv(
    columns: Sequence[str], rows: Rows, cell: Callable[[Any], Any], delimiter: str = ",", opening: str = ""
) -> Iterator[bytes]:
    file = io.StringIO(newline="")
    file.write(opening)
    writer = csv.writer(file, delimiter=delimiter)
    writer.writerow([cell(column) for column in columns])
    for row in rows:
        writer.writerow([cell(value) for value in row])
        if file.tell() > PIECE:
            yield _taken(file)
    yield _taken(file)


def json_array(columns: Sequence[str], rows: Rows) -> Iterator[bytes]:
    """One array with an object a row."""
    file = io.StringIO()
    file.write("[")
    separator = "\n"
    for line in _objects(columns, rows):
        file.write(separator + line)
        separator = ",\n"
        if file.tell() > PIECE:
            yield _taken(file)
    file.write("\n]\n")
    yield _taken(file)


def json_lines(columns: Sequence[str], rows: Rows) -> Iterator[bytes]:
    """One object a line."""
    file = io.StringIO()
    for line in _objects(columns, rows):
        file.write(line + "\n")
        if file.tell() > PIECE:
            yield _taken(file)
    yield _taken(file)


def _objects(columns: Sequence[str], rows: Rows) -> Iterator[str]:
    encode = json.JSONEncoder(ensure_ascii=False, default=bytes.hex).encode
    return (encode(dict(zip(columns, row))) for row in rows)


def _taken(file: io.StringIO) -> bytes:
    """What was written, and an empty file again. A broken character of the database must not end the file."""
    text = file.getvalue()
    file.seek(0)
    file.truncate()
    return text.encode("utf-8", "replace")


#: By what the address ends in.
FORMS = {
    "csv": Form("text/csv; charset=utf-8", plain_csv),
    "excel.csv": Form("text/csv; charset=utf-8", excel_csv),
    "json": Form("application/json; charset=utf-8", json_array),
    "jsonl": Form("application/x-ndjson; charset=utf-8", json_lines),
}
