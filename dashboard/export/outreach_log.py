"""The activity log as files: the log itself, the template to fill in, the rows to be corrected."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from dashboard.export.geodata import check_ending, guarded
from dashboard.locale import Texts, texts
from geo import layers, units
from geo.base.errors import InputError
from geo.files.write import replace_file

COLUMNS = (
    "activity_id", "date", "commune_code", "commune", "province", "type", "events", "people_reached", "women", "men",
    "children", "items", "audience", "topic", "team", "partner", "note", "quality", "source",
)  # fmt: skip
TEMPLATE_COLUMNS = (
    "date", "commune", "province", "type", "events", "people_reached", "women", "men", "children", "items",
    "audience", "topic", "team", "partner", "note",
)  # fmt: skip
FIGURES = ("events", "people_reached", "women", "men", "children", "items")
LISTS = ("audience", "topic")
"""Columns that hold words of a closed list."""
NEEDED = ("date", "commune", "type")
LAST_ROW = 5_000
"""Rows of the template that check what is entered."""
HEAD = PatternFill("solid", fgColor="17494B")
NEEDED_HEAD = PatternFill("solid", fgColor="A4547C")
WIDTHS = {
    "date": 13, "commune": 26, "province": 18, "type": 34, "audience": 26, "topic": 26, "team": 30, "partner": 26,
    "note": 40,
}  # fmt: skip


def log_table(log: pd.DataFrame, language: str) -> pd.DataFrame:
    """Return a log with names beside codes and headers in a language; it can be read again as a log."""
    text = texts(language)
    types = layers.outreach_types()[language]
    communes, provinces = units.communes()["name"], units.provinces()["name"]
    whole = {name: log[name].astype("Int64") for name in FIGURES}
    named = log.assign(
        commune=log["commune_code"].map(communes),
        province=log["province_code"].map(provinces),
        type=log["type"].map(types).fillna(log["type"]),
        quality=[text.either(f"quality.{name}", name) for name in log["quality"]],
        **{name: in_words(log[name], name, language) for name in LISTS},
        **whole,
    )
    return named[list(COLUMNS)].rename(columns={name: text(f"log_column.{name}") for name in COLUMNS})


def in_words(codes: pd.Series, column: str, language: str) -> pd.Series:
    """Return cells of a closed list as names in a language, several parted by a semicolon.

    Examples
    --------
    >>> in_words(pd.Series(["pupils;workers", ""]), "audience", "vi").tolist()
    ['Học sinh; Người lao động', '']
    """
    names = layers.outreach_words().loc[column][language]
    written = {
        cell: "; ".join(names.get(code, code) for code in filter(None, cell.split(";"))) for cell in set(codes)
    }
    return codes.map(written)


def log_bytes(log: pd.DataFrame, ending: str, language: str) -> bytes:
    """Return a log as the content of a .csv or .xlsx file."""
    return table_bytes(log_table(log, language), ending, texts(language)("log_file.sheet"))


def write_log(log: pd.DataFrame, path: str | Path, language: str = "vi") -> None:
    """Write a log in the format its ending names (.csv, .xlsx): the whole file or, on any failure, nothing."""
    target = check_ending(path, WRITERS)
    _write(target, log_bytes(log, target.suffix.lower(), language))


def write_table(table: pd.DataFrame, path: str | Path, title: str) -> None:
    """Write rows to be corrected, or any table of text, in the format its ending names (.csv, .xlsx)."""
    target = check_ending(path, WRITERS)
    _write(target, table_bytes(table, target.suffix.lower(), title))


def write_template(path: str | Path, language: str = "vi") -> None:
    """Write the template of the log (.xlsx)."""
    target = check_ending(path, [".xlsx"])
    _write(target, template(language))


def table_bytes(table: pd.DataFrame, ending: str, title: str) -> bytes:
    """Return a table as the content of a .csv or .xlsx file; nothing in it is run as a formula."""
    return WRITERS[ending](guarded(table), title)


def template(language: str) -> bytes:
    """Return the template: an empty log that checks what is entered, how to fill it in, and all communes."""
    text = texts(language)
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = text("log_file.sheet")
    lists = _guide(book, text)
    _communes(book, text)
    sheet.append([text(f"log_column.{name}") for name in TEMPLATE_COLUMNS])
    for place, name in enumerate(TEMPLATE_COLUMNS, start=1):
        cell, letter = sheet.cell(1, place), get_column_letter(place)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = NEEDED_HEAD if name in NEEDED else HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        sheet.column_dimensions[letter].width = WIDTHS.get(name, 11)
        check = _check(name, lists, text)
        if check is not None:
            sheet.add_data_validation(check)
            check.add(f"{letter}2:{letter}{LAST_ROW}")
    for row in range(2, 302):
        sheet.cell(row, 1).number_format = "DD/MM/YYYY"
        sheet.cell(row, 2).number_format = "@"
    sheet.row_dimensions[1].height = 32
    sheet.freeze_panes = "A2"
    return _saved(book)


def _check(name: str, lists: Mapping[str, str], text: Texts) -> DataValidation | None:
    """Return what a spreadsheet checks while a column is filled in; several words of a list are written by hand."""
    if name == "type":
        check = DataValidation(type="list", formula1=lists[name], allow_blank=False)
    elif name in LISTS:
        check = DataValidation(type="list", formula1=lists[name], allow_blank=True)
        check.showErrorMessage = False
    elif name == "province":
        count = len(units.provinces()) + 1
        sheet = text("log_file.sheet_communes")
        check = DataValidation(type="list", formula1=f"'{sheet}'!$E$2:$E${count}", allow_blank=True)
        check.showErrorMessage = False
    elif name == "date":
        check = DataValidation(type="date", operator="between", formula1="DATE(2000,1,1)", formula2="TODAY()")
        check.errorStyle = "warning"
    elif name in FIGURES:
        check = DataValidation(type="whole", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
    else:
        return None
    check.errorTitle = text(f"log_column.{name}")
    check.error = text(f"log_help.{name}")[:220]
    check.promptTitle = text(f"log_column.{name}")[:32]
    check.prompt = text(f"log_help.{name}")[:250]
    check.showInputMessage = True
    if check.showErrorMessage is None:
        check.showErrorMessage = True
    return check


def _guide(book: Workbook, text: Texts) -> dict[str, str]:
    """Write how to fill the log in, and the words of its lists; return where these stand, by column."""
    sheet = book.create_sheet(text("log_file.sheet_guide"))
    sheet.append([text("log_file.guide_title")])
    sheet["A1"].font = Font(bold=True, size=14)
    for line in ("guide_rows", "guide_missing", "guide_province", "guide_privacy", "guide_import"):
        sheet.append([text(f"log_file.{line}")])
    sheet.append([])
    _heads(sheet, [text(f"log_file.{name}") for name in ("head_column", "head_what", "head_example")])
    for name in TEMPLATE_COLUMNS:
        needed = f" ({text('log_file.needed')})" if name in NEEDED else ""
        told = text(f"log_help.{name}")
        sheet.append([text(f"log_column.{name}") + needed, told, text(f"log_example.{name}")])
    sheet.append([])
    heads = ("head_type", "head_group", "head_item", "head_code")
    _heads(sheet, [text(f"log_file.{name}") for name in heads])
    first = sheet.max_row + 1
    for code, row in layers.outreach_types().iterrows():
        item = row[f"item_{text.language}"]
        sheet.append([row[text.language], text(f"outreach_group.{row['group']}"), item, str(code)])
    places = {"type": f"'{sheet.title}'!$A${first}:$A${sheet.max_row}"}
    for column in LISTS:
        sheet.append([])
        _heads(
            sheet, [text(f"log_file.head_{column}"), text("log_file.head_synonyms"), "", text("log_file.head_code")]
        )
        first = sheet.max_row + 1
        for code, row in layers.outreach_words().loc[column].iterrows():
            sheet.append([row[text.language], row["synonyms"], None, str(code)])
        places[column] = f"'{sheet.title}'!$A${first}:$A${sheet.max_row}"
    for letter, width in zip("ABCD", (38, 90, 30, 24), strict=True):
        sheet.column_dimensions[letter].width = width
    for cells in sheet.iter_rows(min_row=9, max_row=sheet.max_row):
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    return places


def _communes(book: Workbook, text: Texts) -> None:
    """Write all communes and, beside them, the provinces."""
    sheet = book.create_sheet(text("log_file.sheet_communes"))
    province = text("log_column.province")
    _heads(sheet, [text("log_column.commune_code"), text("log_column.commune"), province, "", province])
    communes, names = units.communes(), units.provinces()["short_name"]
    table = communes.assign(province=communes["province_code"].map(names)).reset_index()
    shown = table.sort_values(["province_code", "name"])[["commune_code", "name", "province"]]
    listed = [*names.sort_index(), *[None] * (len(shown) - len(names))]
    for row, of_list in zip(shown.itertuples(index=False), listed, strict=True):
        sheet.append([*row, None, of_list])
    for letter, width in zip("ABCDE", (12, 32, 20, 4, 20), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:C{sheet.max_row}"


def _heads(sheet: Worksheet, names: list[str]) -> None:
    sheet.append(names)
    for cell in sheet[sheet.max_row]:
        if cell.value:
            cell.font, cell.fill = Font(bold=True, color="FFFFFF"), HEAD


def _csv(table: pd.DataFrame, title: str) -> bytes:
    del title
    return table.to_csv(index=False, lineterminator="\n").encode("utf-8-sig")


def _xlsx(table: pd.DataFrame, title: str) -> bytes:
    book = Workbook(write_only=False)
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    _heads(sheet, [str(name) for name in table.columns])
    plain = table.astype(object)
    for row in plain.where(table.notna(), None).itertuples(index=False):
        sheet.append(list(row))
    for place, name in enumerate(table.columns, start=1):
        longest = max([len(str(name)), *(len(str(value)) for value in plain[name].head(100))])
        sheet.column_dimensions[get_column_letter(place)].width = min(longest + 3, 46)
    sheet.freeze_panes = "A2"
    return _saved(book)


def _saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write(target: Path, data: bytes) -> None:
    try:
        with replace_file(target) as temporary:
            temporary.write_bytes(data)
    except OSError as error:
        raise InputError("export.not_written", path=target, reason=error.strerror or error) from error


WRITERS: Mapping[str, Callable[[pd.DataFrame, str], bytes]] = {".csv": _csv, ".xlsx": _xlsx}
