"""Curves over grounds of their own on a page: each is named at the right, with a line from its end to its name."""

from __future__ import annotations

from leverage.panels import Curves
from leverage.views.cells import label, titled
from leverage.views.fan import frame, last
from leverage.views.markup import tag
from leverage.views.measure import cut_name, width
from leverage.views.names import apart
from leverage.views.scale import drawable
from leverage.views.svg import LETTER, Plane, dot, pen, words

NAME = 26  # columns of a name
LEAD = 26  # from the plane to the names
APART = 15  # of names below each other
LEADS = {"fill": "none", "stroke": "currentColor", "stroke_opacity": ".35"}


def write_curves(panel: Curves) -> str:
    """Each curve with its colour and dash, its name where it ends, and a dot where all meet."""
    names = [cut_name(label(name), NAME) for name in panel.names]
    right = LEAD + 16 + LETTER * max(map(width, names), default=0)
    plane = Plane(*frame(panel), panel.x_percent, panel.percent, wide=612 + right, right=right)
    parts = [plane.axes(panel.x_title, titled(panel.y_title, panel.unit))]
    parts += [plane.curve(x, y, **pen(index)) for index, (x, y) in enumerate(zip(panel.x, panel.y, strict=True))]
    edge, low = plane.at(plane.x[1], plane.y[0])
    ends = [(index, plane.at(x, y)) for index, x, y in last(panel)]
    heights = apart([down for _, (_, down) in ends], APART, plane.top, low)
    for (index, end), height in zip(ends, heights, strict=True):
        lead = tag("polyline", "", points=f"{end[0]:.1f},{end[1]:.1f} {edge + LEAD:.1f},{height:.1f}", **LEADS)
        parts += [lead, words(edge + LEAD + 4, height + 4, names[index], "start")]
    if panel.origin and drawable(*panel.origin):
        parts.append(dot(*plane.at(*panel.origin), "currentColor", "4"))
    return plane.drawing("".join(parts), panel.title)
