"""The dialects that formulas are written in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from leverage.formula.excel import EXCEL
from leverage.formula.forms import Dialect
from leverage.formula.latex import LATEX
from leverage.formula.own import OWN

DIALECTS: Mapping[str, Dialect] = MappingProxyType({dialect.name: dialect for dialect in (OWN, EXCEL, LATEX)})
