"""From labelled cells to polygons with shared, smooth borders: no gaps, no overlaps, no staircases."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import shapely
from scipy import ndimage

from geo.build.grid import OUTSIDE, Grid

ISLET = 8
"""Cells; an eighth of a square kilometre on the grid of the nation."""


def main_parts(labels: np.ndarray, keep_share: float = 0.25) -> np.ndarray:
    """Return labels in which stray fragments went to the nearest other commune.

    Of each commune stay its largest piece, the pieces with at least ``keep_share`` of the largest one's cells, and
    every piece that touches no other commune: an island. Islets of less than ``ISLET`` cells are left to the sea.
    """
    cleaned = labels.copy()
    for label, window in _windows(labels):
        mine = labels[window] == label
        pieces, count = ndimage.label(mine)
        if count < 2:
            continue
        sizes = np.bincount(pieces.ravel())
        sizes[0] = 0
        around = ndimage.maximum_filter(np.where(mine, OUTSIDE, labels[window]), size=3)
        touching = np.unique(pieces[mine & (around != OUTSIDE)])
        small = np.flatnonzero(sizes < keep_share * sizes.max())
        stray = np.intersect1d(small, touching)
        cleaned[window][np.isin(pieces, stray[stray > 0])] = OUTSIDE - 1
        islets = np.setdiff1d(small[sizes[small] < ISLET], np.append(stray, 0))
        cleaned[window][np.isin(pieces, islets)] = OUTSIDE
    return fill(cleaned, cleaned == OUTSIDE - 1)


def _windows(labels: np.ndarray) -> list[tuple[int, tuple[slice, slice]]]:
    found = ndimage.find_objects(labels + 1)
    rows, columns = labels.shape
    grown = []
    for label, window in enumerate(found):
        if window is not None:
            r, c = window
            grown.append(
                (
                    label,
                    (
                        slice(max(r.start - 1, 0), min(r.stop + 1, rows)),
                        slice(max(c.start - 1, 0), min(c.stop + 1, columns)),
                    ),
                )
            )
    return grown


def fill(labels: np.ndarray, holes: np.ndarray) -> np.ndarray:
    """Return labels in which every cell of ``holes`` has the label of the nearest cell that has one."""
    if not holes.any():
        return labels
    empty = holes | (labels < 0)
    _, (rows, columns) = ndimage.distance_transform_edt(empty, return_indices=True)
    filled = labels.copy()
    filled[holes] = labels[rows[holes], columns[holes]]
    return filled


def inland_holes(labels: np.ndarray) -> np.ndarray:
    """Return the mask of unlabelled cells that the open sea and the world outside do not reach."""
    pieces, _ = ndimage.label(labels == OUTSIDE)
    edge = np.unique(np.concatenate([pieces[0], pieces[-1], pieces[:, 0], pieces[:, -1]]))
    return (pieces > 0) & ~np.isin(pieces, edge)


def border_arcs(labels: np.ndarray, grid: Grid) -> np.ndarray:
    """Return the borders between labels as lines along cell edges that end where three or more labels meet."""
    framed = np.pad(labels, 1, constant_values=OUTSIDE)
    row, column = np.nonzero(framed[:, 1:] != framed[:, :-1])
    upright = _segments(row - 1, column, row, column, grid)
    row, column = np.nonzero(framed[1:] != framed[:-1])
    level = _segments(row, column - 1, row, column, grid)
    lines = shapely.linestrings(np.concatenate([upright, level]))
    return shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines)))


def _segments(
    row: np.ndarray, column: np.ndarray, end_row: np.ndarray, end_column: np.ndarray, grid: Grid
) -> np.ndarray:
    start = np.stack([grid.west + column * grid.cell, grid.south + row * grid.cell], axis=-1)
    end = np.stack([grid.west + end_column * grid.cell, grid.south + end_row * grid.cell], axis=-1)
    return np.stack([start, end], axis=1)


def smooth_arc(line: shapely.LineString, tolerance: float) -> shapely.LineString:
    """Return an arc without its stairs: mid-points of the cell edges, simplified, corners cut once.

    The ends stay where they are; a ring keeps at least four points.
    """
    points = shapely.get_coordinates(line)
    closed = bool((points[0] == points[-1]).all())
    middle = (points[:-1] + points[1:]) / 2
    middle = np.vstack([middle, middle[:1]]) if closed else np.vstack([points[:1], middle, points[-1:]])
    simple = shapely.get_coordinates(shapely.simplify(shapely.LineString(middle), tolerance))
    if closed and len(simple) < 5:
        simple = middle
    if not closed and len(simple) < 3:
        return shapely.LineString(simple)
    return shapely.LineString(_cut_corners(simple, closed))


def _cut_corners(points: np.ndarray, closed: bool) -> np.ndarray:
    """One round of Chaikin's corner cutting."""
    first, second = points[:-1], points[1:]
    cut = np.stack([0.75 * first + 0.25 * second, 0.25 * first + 0.75 * second], axis=1).reshape(-1, 2)
    return np.vstack([cut, cut[:1]]) if closed else np.vstack([points[:1], cut[1:-1], points[-1:]])


def polygons(labels: np.ndarray, grid: Grid, count: int, tolerance: float) -> np.ndarray:
    """Return one (multi-)polygon per label 0..count-1, metres, that together are a valid coverage.

    Parameters
    ----------
    labels
        Shape of the grid; ``OUTSIDE`` for no commune.
    tolerance
        How far simplified borders may run from the cell edges, metres.
    """
    arcs = np.array([smooth_arc(arc, tolerance) for arc in border_arcs(labels, grid)])
    noded = shapely.union_all(shapely.set_precision(arcs, 0.1))
    faces = shapely.get_parts(shapely.polygonize([*shapely.get_parts(noded)]))
    owner = _owners(faces, labels, grid)
    faces, owner = faces[owner != OUTSIDE], owner[owner != OUTSIDE]
    order = np.argsort(owner, kind="stable")
    first = np.searchsorted(owner[order], np.arange(count + 1))
    return np.array(
        [shapely.coverage_union_all(faces[order[a:b]]) for a, b in pairwise(first)],
        dtype=object,
    )


def _owners(faces: np.ndarray, labels: np.ndarray, grid: Grid) -> np.ndarray:
    """The label at a point well inside each face."""
    inside = shapely.get_coordinates(shapely.maximum_inscribed_circle(faces, grid.cell / 4))[::2]
    column = np.clip(((inside[:, 0] - grid.west) / grid.cell).astype(int), 0, grid.columns - 1)
    row = np.clip(((inside[:, 1] - grid.south) / grid.cell).astype(int), 0, grid.rows - 1)
    return labels[row, column]
