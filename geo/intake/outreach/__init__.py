"""The log of outreach activities: reading what strangers write, and what a log lacks."""

from geo.intake.outreach.duplicates import SAME, duplicates
from geo.intake.outreach.found import Fault, LogReading
from geo.intake.outreach.reading import ENDINGS, FIGURES, LARGEST_FILE, read_log, read_rows

__all__ = [
    "ENDINGS",
    "FIGURES",
    "LARGEST_FILE",
    "SAME",
    "Fault",
    "LogReading",
    "duplicates",
    "read_log",
    "read_rows",
]
