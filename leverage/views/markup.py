"""The words of the page: escaped names, and the few inline styles that all of its parts share.

Text and lines take the page's own colour, so that they are read on a light and on a dark ground.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from leverage.views.cells import label

BLUE, VERMILLION, GREY = "#0072B2", "#D55E00", "#888888"  # Okabe and Ito: told apart with any eyes
CURVES = (BLUE, VERMILLION, "#009E73", "#CC79A7", "#56B4E9", "#E69F00", GREY)
LINE = "border-bottom:1px solid rgba(128,128,128,.35)"
CELL = f"padding:.15em .7em;{LINE}"
LEFT = "text-align:left"
RIGHT = "text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums"
TONES = {
    # the plain colour first, for what cannot mix it with the page's
    "good": f"font-weight:600;color:{BLUE};color:color-mix(in srgb,{BLUE} 70%,currentColor)",
    "bad": f"font-weight:600;color:{VERMILLION};color:color-mix(in srgb,{VERMILLION} 75%,currentColor)",
}
FILLS = {
    True: f"background:{BLUE}",
    False: f"background:repeating-linear-gradient(45deg,{VERMILLION} 0 4px,rgba(213,94,0,.4) 4px 6px)",
    None: f"background:{GREY}",
}
SERIES = (  # bars side by side, which neither help nor hurt: they differ in shade, in hatch, and bear their names
    (BLUE, ""),
    ("#56B4E9", "///"),
    ("#E69F00", "..."),
    (GREY, "xxx"),
)


def clean(text: str) -> str:
    """A name as a page shows it and neither runs nor reorders it.

    >>> clean("<b>\\u202e")
    '&lt;b&gt;\\\\u202e'
    """
    return escape(label(text))


def tag(name: str, content: str, style: str = "", **attributes: str) -> str:
    """An element around content that is markup already; attributes are escaped here, ``_`` in their names is ``-``.

    >>> tag("td", "68", "text-align:right", data_id='a"b')
    '<td style="text-align:right" data-id="a&quot;b">68</td>'
    """
    written = {**({"style": style} if style else {}), **attributes}
    pairs = "".join(f' {key.rstrip("_").replace("_", "-")}="{clean(value)}"' for key, value in written.items())
    return f"<{name}{pairs}>{content}</{name}>"


def rows_of(rows: Sequence[str], head: str = "") -> str:
    """A table of rows that are markup already."""
    opening = tag("thead", head) if head else ""
    return tag("table", opening + tag("tbody", "".join(rows)), "border-collapse:collapse;margin:0 0 .5em")


def said(text: str) -> str:
    """A line in small below what it belongs to."""
    return tag("div", clean(text), "opacity:.65;font-size:85%")
