"""Colours one can tell apart with any kind of colour vision, on a projector and in grey print.

Ramps are interpolated in the OKLab space (B. Ottosson, "A perceptual color space for image processing", 2020)
through a few anchors, so that lightness falls evenly from the first class to the last.
"""

from __future__ import annotations

import numpy as np

RAMPS: dict[str, tuple[str, ...]] = {
    "risk": ("#fdf3d8", "#f3bf7c", "#d9826a", "#a4547c", "#5a2f6b"),
    "priority": ("#eef6e6", "#9fd2b1", "#4aa39c", "#1f6f86", "#173f63"),
    "dimension": ("#eef1f8", "#b3c3e0", "#7a94c6", "#4c66a3", "#28396f"),
    "indicator": ("#f5f0e8", "#dac6ab", "#b8987a", "#917058", "#624739"),
}
NO_DATA = "#d5d9dc"
NOT_APPLICABLE = "#b5afb1"
"""A grey that no colour vision takes for no data, nor for the lightest classes of indicators and dimensions."""
SEA = "#e3edf2"
LAND = "#f1f0ec"
NEIGHBOUR_LAND = "#e6e5df"
OUTLINE = "#ffffff"
SELECTED = "#111c22"
INK = "#1f2a30"
"""Text on light colours."""
DARK = 0.7
"""Below this lightness text on a colour is white."""

NEIGHBOUR = {"China": "#c8501e", "Laos": "#1aa18f", "Cambodia": "#2a3f9e", "": "#4a4f55"}
"""Who is on the other side of a crossing."""
STATUS = {"operating": "#22313a", "building": "#7a5b12", "planned": "#ffffff", "unknown": "#8b959b"}
"""State of an industrial zone."""
HOT = ("#8f2437", "#cf6352", "#efb79d")
"""Hot spots from the surest."""
COLD = ("#22577e", "#639bc4", "#b3d0e4")
"""Cold spots from the surest."""
NEUTRAL = "#efede6"
KINDS = ("#3b6fb6", "#e3a33c", "#4f9d72", "#a4547c", "#86c1d4", "#7a5236", "#c6b3dd", "#51565b")
"""Kinds without an order; neighbours in the list differ in lightness too."""
PATHWAYS = {
    "china": "#c8501e",
    "laos": "#1aa18f",
    "cambodia": "#2a3f9e",
    "leaving": "#7d3f63",
    "arriving": "#eab52f",
}
"""Ways into trafficking; across a border in the colour of the neighbour."""
LEADING = {**PATHWAYS, "none": "#bdb9b2"}
"""The pathway that leads; ``none`` looks neither like land nor like no data."""
FLOW = "#3b3f8f"
OUTREACH = "#0d7f74"

_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def ramp(name: str, classes: int) -> list[str]:
    """Return ``classes`` colours of a ramp, light to dark, as ``#rrggbb``.

    Examples
    --------
    >>> ramp("risk", 2)
    ['#fdf3d8', '#5a2f6b']
    """
    anchors = np.array([_lab(colour) for colour in RAMPS[name]])
    places = np.linspace(0, len(anchors) - 1, classes) if classes > 1 else np.array([(len(anchors) - 1) / 2])
    mixed = np.column_stack([np.interp(places, np.arange(len(anchors)), anchors[:, axis]) for axis in range(3)])
    return [_hex(colour) for colour in mixed]


def lightness(colour: str) -> float:
    """Return the lightness of ``#rrggbb`` in OKLab, 0 black to 1 white."""
    return float(_lab(colour)[0])


def _lab(colour: str) -> np.ndarray:
    channels = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return to_lab(linear)


def to_lab(linear: np.ndarray) -> np.ndarray:
    """Return linear RGB, 0-1, as OKLab."""
    return np.asarray(_TO_LAB @ np.cbrt(_TO_LMS @ linear))


def _hex(lab: np.ndarray) -> str:
    linear = np.clip(np.linalg.solve(_TO_LMS, np.linalg.solve(_TO_LAB, lab) ** 3), 0, 1)
    channels = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(float(channel) * 255):02x}" for channel in channels)
