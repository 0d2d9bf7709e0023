"""Clouds on a page: groups differ in colour and in shape, boxes stand around them."""

from __future__ import annotations

from leverage.panels import Scatter
from leverage.views.cells import titled
from leverage.views.cloud import Box, boxes, chosen, frame, groups, told
from leverage.views.markup import CURVES, said, tag
from leverage.views.svg import Plane, legend, words

SIZE = 3.2  # of a mark, from its middle
LINE = 14  # from name to name
CORNERS = (  # each shape's, in that size; none is a circle
    (),
    ((0, -1.2), (1.1, 0.8), (-1.1, 0.8)),
    ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    ((0, -1.3), (1, 0), (0, 1.3), (-1, 0)),
    ((0, 1.2), (1.1, -0.8), (-1.1, -0.8)),
)


def write_scatter(panel: Scatter) -> str:
    """A mark a point, up to so many as a page can bear; below it how many those are."""
    x, y = frame(panel)
    plane = Plane(x, y, panel.x_percent, panel.y_percent)
    parts = [plane.axes(titled(panel.x_title, panel.x_unit), titled(panel.y_title, panel.y_unit))]
    there = chosen(panel)
    for index, (_, of) in enumerate(groups(panel)):
        points = zip(panel.x[of & there], panel.y[of & there], strict=True)
        parts += [mark(*plane.at(float(a), float(b)), index) for a, b in points]
    parts += [_drawn(plane, box) for box in boxes(panel, x, y)]
    samples = [(mark(12, 6, index), name) for index, name in enumerate(panel.names)]
    return plane.drawing("".join(parts), panel.title) + legend(samples) + (said(told(panel)) if told(panel) else "")


def mark(x: float, y: float, index: int) -> str:
    """A point of a group."""
    color, corners = CURVES[index % len(CURVES)], CORNERS[index % len(CORNERS)]
    if not corners:
        return tag("circle", "", cx=f"{x:.1f}", cy=f"{y:.1f}", r=f"{SIZE}", fill=color, fill_opacity=".6")
    points = " ".join(f"{x + SIZE * a:.1f},{y + SIZE * b:.1f}" for a, b in corners)
    return tag("polygon", "", points=points, fill=color, fill_opacity=".6")


def _drawn(plane: Plane, box: Box) -> str:
    """A frame with its name inside at the top."""
    (left, top), (right, low) = plane.at(box.x[0], box.y[1]), plane.at(box.x[1], box.y[0])
    size = {"x": left, "y": top, "width": right - left, "height": low - top}
    style = {"fill": "currentColor", "fill_opacity": ".06", "stroke": "currentColor", "stroke_width": "1.5"}
    frame = tag("rect", "", **{key: f"{n:.1f}" for key, n in size.items()}, **style)
    across, side = (right - 5, "end") if box.late else (left + 5, "start")
    return frame + words(across, top + 15 + LINE * box.line, box.name, side)
