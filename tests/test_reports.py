"""The five reports the product began with: every fact of each is in the data, and small counts of victims are not.

Facts in words: ``facts_of_reports.csv`` names, for every row that a report led to, phrases of the report that the row
says too. A row that is dropped, or that no longer says it, fails without the reports at hand; with them, every phrase
has to stand in its report, and every sentence of a report has to hold one.

Numbers: each line holds a number as the report writes it, what it says in our words, and where it is: ``report``
(a row of outreach_reported and its value), ``place`` (identifier, column, value), ``document`` (a number or day of a
document), ``task`` (position in the checklist), ``period`` and ``words`` (a row that says it), ``page`` (it belongs
to the web page and says nothing), ``hidden``: a count of victims below ten, which this list does not name either.
"""

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from geo import layers
from geo.datasets import read_table
from geo.intake.places import reported_places
from geo.units.names import fold

QUANG_NGAI = [
    ("2024", "what was done in the year", "period", "RO33", "2024"),
    ("521", "the province's plan for the programme", "document", "521/QĐ-UBND"),
    ("2021-2025", "years of the programme", "document", "2021–2025"),
    ("2030", "how far the programme looks", "document", "2030"),
    ("14", "pages and columns in the media", "report", "RO26", 14),
    ("13", "campaign events in residential areas", "report", "RO27", 13),
    ("7.567", "people who came to them", "report", "RO28", 7567),
    ("04", "training conferences with the ILO", "report", "RO29", 4),
    ("370", "officials and workers who took part", "report", "RO30", 370),
    ("168", "volunteer social-work teams in the province", "place", "51-DOI", "count", 168),
    ("1.239", "volunteers in them", "place", "51-DOI", "people", 1239),
    ("168", "the same as a reported figure", "report", "RO33", 168),
    ("1.239", "the same as a reported figure", "report", "RO34", 1239),
    ("14", "training and information conferences", "report", "RO31", 14),
    ("1.680", "people who came to them", "report", "RO32", 1680),
    ("2025", "what is intended for the next year", "page"),
    ("", "no victim was received in the year", "report", "RO35", 0),
]
QUANG_NINH = [
    ("18", "day the page was looked at", "page"), ("01", "month of it", "page"), ("2025", "year of it", "page"),
    ("08:12", "time of it", "page"),
    ("8", "the report covers eight months", "period", "RO17", "2022-08-31"),
    ("2022", "of this year", "period", "RO17", "2022"),
    ("100", "percent of victims who are to be supported", "report", "RO51", 100),
    ("103", "the plan this rests on", "document", "103/KH-UBND"),
    ("25/5/2021", "its day", "document", "2021-05-25"),
    ("2021-2025", "years of the programme", "document", "2021–2025"),
    ("2030", "how far the programme looks", "document", "2030"),
    ("07", "panels along the national highway", "report", "RO17", 7),
    ("40.000", "leaflets printed and handed out", "report", "RO18", 40000),
    ("08", "the plan against social evils", "document", "08/KH-UBND"),
    ("10/01/2022", "its day", "document", "2022-01-10"),
    ("05", "wards of Hạ Long with the model, a club each", "report", "RO19", 5),
    ("04/5/2022", "first founding meeting", "period", "RO19", "2022-05-04"),
    ("07/5/2022", "last founding meeting", "period", "RO19", "2022-05-07"),
    ("05", "training events for core members", "report", "RO20", 5),
    ("471", "the decision on how clubs are run", "document", "471/QĐ-LĐTBXH"),
    ("15/4/2022", "its day", "document", "2022-04-15"),
    ("5", "members of the board of a club", "place", "22-CLB-1", "people", 5),
    ("5", "the same as a reported figure", "report", "RO52", 5),
    ("", "clubs meet once a month", "report", "RO53", 1),
    ("30", "training classes for staff", "report", "RO21", 30),
    ("2.700", "staff who took part", "report", "RO22", 2700),
    ("03", "offices of districts", "report", "RO54", 3),
    ("30", "communes and wards", "report", "RO55", 30),
    ("6", "months in which victims were received", "period", "RO23", "2022-06-30"),
    ("", "victims received", "hidden", "RO23"),
    ("", "handed over to locality, family", "hidden", "RO57"),
    ("", "or to an organisation", "hidden", "RO57"),
    ("18001769", "the province's free hotline", "place", "22-TONGDAI", "phone", "18001769"),
    ("24/24", "it answers day and night", "place", "22-TONGDAI", "days_per_week", 7),
    ("24/24", "in words", "words", "RO58", "24/24"),
    ("10", "rooms of shelter", "place", "22-TAMLANH", "capacity", 10),
    ("10", "the same as a reported figure", "report", "RO25", 10),
    ("", "children in care", "hidden", "RO24"),
    ("16", "the age they are under", "words", "RO24", "16"),
    ("4018", "the programme between agencies", "document", "4018/LN-LĐTBXH-CA-BCHBP"),
    ("18/11/2021", "its day", "document", "2021-11-18"),
    ("05", "clubs that will be kept running", "report", "RO56", 5),
]  # fmt: skip
PLAN_30_7 = [
    ("30/7", "the day the plan is for", "task", 2),
    ("12/07/2023", "day of the page", "words", "RO01", "12/07/2023"),
    ("314", "letter of the department", "document", "314/PCTNNXH-HTNNTT"),
    ("10/7/2023", "its day", "document", "2023-07-10"),
    ("4241", "letter of the people's committee", "document", "4241/UBND-NCPC"),
    ("5/7/2023", "its day", "document", "2023-07-05"),
    ("11/7/2023", "day of the plan", "document", "2023-07-11"),
    ("1562", "number of the plan", "document", "1562/KH-LĐTBXH"),
    *((str(one), f"item {one} of the plan", "task", one) for one in range(1, 8)),
    ("7", "items of the plan", "report", "RO01", 7),
    ("242", "the province's plan for the programme", "document", "242/KH-UBND"),
    ("27/4/2021", "its day", "document", "2021-04-27"),
    ("2021", "first year of the programme", "document", "2021–2025"),
    ("2025", "last year of it", "document", "2021–2025"),
    ("2030", "how far it looks", "document", "2030"),
    ("102", "the plan of the steering committee", "document", "102/KH-BCĐ138"),
    ("138", "name of the steering committee", "document", "102/KH-BCĐ138"),
    ("22/02/2023", "its day", "document", "2023-02-22"),
    ("2023", "the year it is for", "period", "RO01", "2023"),
    ("111", "national child protection hotline", "place", "VN-111", "phone", "111"),
]
THAI_NGUYEN = [
    ("2013", "first year", "period", "RO02", "2013"), ("2023", "last year", "period", "RO02", "2023"),
    ("57", "training classes for staff", "report", "RO02", 57),
    ("4", "workshops", "report", "RO03", 4),
    ("860", "people who came", "report", "RO04", 860),
    ("34", "conferences", "report", "RO05", 34),
    ("1.100", "people who came", "report", "RO06", 1100),
    ("105", "panels", "report", "RO07", 105),
    ("2.800", "handbooks", "report", "RO08", 2800),
    ("20.000", "leaflets", "report", "RO09", 20000),
    ("66", "news items, clips, messages", "report", "RO10", 66),
    ("01", "seminar", "report", "RO16", 1),
    ("42", "items on loudspeakers", "report", "RO11", 42),
    ("30/7", "the day of action", "task", 2),
    ("69", "teams trained", "report", "RO12", 69),
    ("69", "they are the commune-level teams", "place", "19-DOI", "count", 69),
    ("150", "people at the training", "report", "RO13", 150),
    ("29", "panels in 2023", "report", "RO14", 29),
    ("", "no victim returned in 2023", "report", "RO15", 0),
]  # fmt: skip
LONG_AN = [
    ("04:52", "time of the page", "page"), ("25/12/2024", "day of it", "words", "RO36", "25/12/2024"),
    ("01", "city of the province", "report", "RO59", 1), ("01", "town", "report", "RO60", 1),
    ("13", "districts", "report", "RO61", 13),
    ("28", "industrial parks", "report", "RO46", 28), ("32", "industrial clusters", "report", "RO47", 32),
    ("137,7", "km of border", "report", "RO48", 137.7), ("04", "border crossings", "report", "RO49", 4),
    ("62", "highway of one of them", "words", "RO49", "62"), ("314", "road beyond it", "words", "RO49", "314"),
    ("2024", "year of the report", "period", "RO36", "2024"),
    ("266", "plan of the department", "document", "266/KH-SLĐTBXH"),
    ("12/01/2024", "its day", "document", "2024-01-12"),
    ("675", "its letter", "document", "675/SLĐTBXH-PCTNXH"), ("16/02/2024", "its day", "document", "2024-02-16"),
    ("1.920", "direct sessions", "report", "RO36", 1920), ("172.830", "participants", "report", "RO37", 172830),
    ("4.842", "rounds of mobile loudspeakers", "report", "RO38", 4842),
    ("3.890", "items broadcast", "report", "RO39", 3890), ("890", "posts", "report", "RO40", 890),
    ("30/7", "the day of action", "task", 2), ("350", "banners", "report", "RO41", 350),
    ("05", "training clusters", "report", "RO42", 5), ("526", "staff trained", "report", "RO43", 526),
    ("6958", "rules between agencies", "document", "6958/QCPH-SLĐTBXH-CAT-BĐBP-SNGV"),
    ("30/12/2022", "their day", "document", "2022-12-30"),
    ("799", "workers supported to learn a trade", "report", "RO44", 799),
    ("2,55", "billion VND for it", "report", "RO62", 2550),
    ("200.915", "consultations on jobs", "report", "RO45", 200915),
    ("2025", "what is intended for the next year", "page"),
    ("", "no victim was found in the year", "report", "RO50", 0),
]  # fmt: skip
FACTS = pd.read_csv(Path(__file__).parent / "facts_of_reports.csv", dtype=str)
PAGE = (
    "THỨ BẨY, NGÀY 18 THÁNG 01", "CÙNG CHUYÊN MỤC", "Xem theo ngày", "Báo dân sinh", "Cập nhật lúc", "12/07/2023",
    "Thành Huế và nhóm PV, BTV", "04:52 PM",
)  # fmt: skip
"""Lines of the web pages that say nothing about prevention."""
SENTENCE = re.compile(r"[.;](?=\s|$|”)|\n")
FEWEST_WORDS = 3
SAID_AGAIN = 0.8
"""Share of a report's words that stand beside the same neighbour in its rows: 0.81 to 0.87 when this was written; the
rest are figures (see below), names of offices, and words that join."""
REPORTS = {"000": QUANG_NGAI, "001": QUANG_NINH, "002": PLAN_30_7, "003": THAI_NGUYEN, "004": LONG_AN}
LINES = [(report, *line) for report, lines in REPORTS.items() for line in lines]
NUMBER = re.compile(r"\d+(?:[.,/:]\d+)*(?:-\d{4})?")


def report(identifier: str, value: float) -> bool:
    return bool(layers.outreach_reported().set_index("report_id").loc[identifier, "value"] == value)


def hidden(identifier: str) -> bool:
    row = layers.outreach_reported().set_index("report_id").loc[identifier]
    return bool(pd.isna(row["value"])) and row["role"] == "outcome" and "không hiển thị" in row["note_vi"]


def place(identifier: str, column: str, value: object) -> bool:
    return bool(reported_places().loc[identifier, column] == value)


def document(words: str) -> bool:
    table = read_table("outreach_documents")
    return any(
        table[name].fillna("").str.contains(words, regex=False).any() for name in ("number", "day", "subject_vi")
    )


def task(position: int) -> bool:
    table = read_table("outreach_checklists")
    return bool(((table["occasion"] == "30/7") & (table["position"] == position)).any())


def period(identifier: str, text: str) -> bool:
    row = layers.outreach_reported().set_index("report_id").loc[identifier]
    return text in f"{row['period_start']} {row['period_end']}"


def words(identifier: str, text: str) -> bool:
    row = layers.outreach_reported().set_index("report_id").loc[identifier]
    return text in f"{row['note_vi']} {row['source']}"


FOUND: dict[str, Callable[..., bool]] = {
    "report": report, "hidden": hidden, "place": place, "document": document, "task": task, "period": period,
    "words": words, "page": lambda: True,
}  # fmt: skip


@pytest.mark.parametrize(("seed", "number", "says", "kind", "where"), [(*line[:4], line[4:]) for line in LINES])
def test_every_number_is_expressed(seed: str, number: str, says: str, kind: str, where: tuple) -> None:
    assert FOUND[kind](*where), f"report {seed}: {number} – {says}"


@pytest.mark.reference
@pytest.mark.parametrize("seed", sorted(REPORTS))
def test_the_list_leaves_no_number_of_the_report_out(seed: str, shared: Path) -> None:
    written = set(NUMBER.findall(report_text(shared, seed)))
    rest = written - {number for number, *_ in REPORTS[seed]}
    counts_of_victims = any(kind == "hidden" for _, _, kind, *_ in REPORTS[seed])
    assert not rest or (counts_of_victims and all(number.isdigit() and int(number) < 10 for number in rest))


def rows_of_reports() -> dict[str, tuple[str, str]]:
    """Return, for every row that a report led to, whose it is and everything it says in Vietnamese."""
    said: list[tuple[str, str, str]] = []
    for row in layers.outreach_statements().itertuples():
        said.append((row.statement_id, row.source, row.text_vi))
    for row in layers.outreach_reported().itertuples():
        said.append((row.report_id, row.source, f"{row.figure_vi}. {row.note_vi}. {row.places}"))
    for row in layers.outreach_documents().itertuples():
        said.append((row.document_id, row.source, f"{row.number}. {row.issuer}. {row.subject_vi}"))
    for row in layers.outreach_checklists().itertuples():
        said.append((f"task {int(row.position)}", row.source, row.text_vi))
    for row in reported_places().reset_index().itertuples():
        said.append((row.place_id, row.source, f"{row.name}. {row.note}"))
    return {identifier: (source, text) for identifier, source, text in said}


def within(phrase: str, text: str) -> bool:
    return f" {fold(phrase)} " in f" {fold(text)} "


@pytest.mark.parametrize("row", FACTS["row"].unique())
def test_every_row_says_what_its_report_says(row: str) -> None:
    text = rows_of_reports()[row][1]
    missing = [phrase for phrase in FACTS.loc[FACTS["row"] == row, "phrase"] if not within(phrase, text)]
    assert not missing, f"{row}: {text}"


def test_no_row_of_a_report_is_left_out_of_the_list() -> None:
    listed = dict(zip(FACTS["row"], FACTS["report"], strict=True))
    sources = {listed[row]: source for row, (source, _) in rows_of_reports().items() if row in listed}
    assert len(sources) == 5
    for row, (source, _) in rows_of_reports().items():
        if row == "RO61":
            continue  # thirteen districts: one word and a number, which the list of numbers holds
        assert sources[listed[row]] == source, row


def report_text(shared: Path, seed: str) -> str:
    path = next((shared / "seeds").glob(f"{seed}_*.txt"), None)
    if path is None:
        pytest.skip("the reports are not here")
    return path.read_text(encoding="utf-8")


@pytest.mark.reference
@pytest.mark.parametrize("seed", sorted(REPORTS))
def test_every_sentence_of_the_report_is_in_the_data(seed: str, shared: Path) -> None:
    text = report_text(shared, seed)
    phrases = FACTS.loc[FACTS["report"] == seed, "phrase"]
    assert not [phrase for phrase in phrases if not within(phrase, text)]
    sentences = [part for part in SENTENCE.split(text) if len(fold(part).split()) >= FEWEST_WORDS]
    assert len(sentences) > 20
    silent = [part for part in sentences if not any(within(phrase, part) for phrase in (*phrases, *PAGE))]
    assert not silent


@pytest.mark.reference
@pytest.mark.parametrize("seed", sorted(REPORTS))
def test_nearly_every_word_of_the_report_is_said_again(seed: str, shared: Path) -> None:
    words_ = fold(report_text(shared, seed)).split()
    listed = set(FACTS.loc[FACTS["report"] == seed, "row"])
    told = [fold(text).split() for row, (_, text) in rows_of_reports().items() if row in listed]
    pairs = {pair for line in told for pair in pairwise(line)}
    held = [pair in pairs for pair in pairwise(words_)]
    said = [before or after for before, after in zip([False, *held], [*held, False], strict=True)]
    assert sum(said) / len(said) >= SAID_AGAIN


def test_the_clubs_six_groups_and_four_purposes_are_there() -> None:
    table = layers.outreach_statements()
    clubs = table[table["reports"].str.contains("RO53")]
    assert clubs["kind"].value_counts().to_dict() == {"target_group": 6, "purpose": 4}
    assert set(clubs["old_province_code"]) == {"22"}
    assert (table["kind"] == "slogan").sum() == 6


def test_work_that_was_held_and_not_counted_is_named_without_a_figure() -> None:
    reported = layers.outreach_reported().set_index("report_id")
    for identifier in ("RO63", "RO64"):
        row = reported.loc[identifier]
        assert row["role"] == "activity" and pd.isna(row["value"]) and "không nêu số" in row["note_vi"]


def test_every_year_is_noted_where_the_report_says_so() -> None:
    notes = layers.outreach_reported().set_index("report_id")["note_vi"]
    assert notes[["RO10", "RO11", "RO16"]].str.contains("hằng năm").all()


def test_what_quang_ninh_reported_ends_with_its_eighth_month() -> None:
    reported = layers.outreach_reported()
    assert reported.loc[reported["province_code"] == "22", "period_end"].max() == "2022-08-31"


def test_handbooks_for_staff_are_for_staff() -> None:
    reported = layers.outreach_reported().set_index("report_id")
    assert reported.loc["RO08", "audience"] == "officials" and "cán bộ" in reported.loc["RO08", "note_vi"]
    assert reported.loc["RO37", "audience"] == "residents;pupils;students;workers;officials"


def test_rows_that_statements_name_exist() -> None:
    known = set(layers.outreach_reported()["report_id"])
    for named in layers.outreach_statements()["reports"]:
        assert {one.strip() for one in named.split(";") if one.strip()} <= known


def test_small_counts_of_victims_are_nowhere() -> None:
    reported = layers.outreach_reported()
    outcomes = reported[reported["role"] == "outcome"]
    assert not outcomes["value"].between(1, 9).any()
    assert set(outcomes.loc[outcomes["value"].isna(), "report_id"]) == {"RO23", "RO24", "RO57"}
    places = reported_places()
    assert not places["note"].str.contains("nạn nhân nữ|bé gái|bé trai").any()
    said = layers.outreach_statements()
    victims = said[said["text_vi"].str.contains("nạn nhân")]
    assert not victims["text_vi"].str.contains(r"(?<!\w)0?[1-9](?!\w)(?: trường hợp| nạn nhân| trẻ)").any()
