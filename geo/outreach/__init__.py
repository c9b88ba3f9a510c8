"""The log of outreach activities: reading what strangers write, and what a log lacks."""

from geo.outreach.reading import ENDINGS, FIGURES, LARGEST_FILE, SAME, Fault, LogReading, duplicates, read_log

__all__ = ["ENDINGS", "FIGURES", "LARGEST_FILE", "SAME", "Fault", "LogReading", "duplicates", "read_log"]
