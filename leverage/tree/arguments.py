"""The arguments of a distribution as written, made into its row's parameters: by position, by name, by quantile."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from leverage.errors import LeverageError, UnknownName, clip, nearest
from leverage.formula.faults import WrongArguments
from leverage.formula.nodes import Argument, Call, Name, Number, Series, Span, figure
from leverage.formula.source import FormulaError, Source
from leverage.tree.families.family import Family, Form, Parameter

Readers = Mapping[str, Callable[[Any], Any]]  # by kind of parameter
QUANTILE = re.compile(r"p(?!00)[0-9]{2}")
SUGGESTED = ("p05", "p10", "p25", "p50", "p75", "p90", "p95")
KINDS = {
    "number": "a number",
    "numbers": "a list of numbers in [ ]",
    "distribution": "one such as normal(68, sd=9)",
    "metric": "the id of one",
}


class BadParameter(FormulaError):
    """A parameter, or several together, that the family cannot have."""

    def __init__(self, form: Form, fault: str, source: Source, span: Span) -> None:
        super().__init__(f"{form.signature}: {fault}", source, span)


def parameters(family: Family, call: Call, source: Source, read: Readers) -> dict[str, Any]:
    """The row's own parameters from the call's arguments.

    Args:
        read: what makes a distribution of a call within, and what is recorded of a metric of its id.

    Raises:
        WrongArguments: unknown, missing, too many or given twice; the sentence shows the signature.
        BadParameter, NoSmoothDistribution: figures that the family cannot have.
        UnknownName: no metric bears the id.
    """
    form = _form(family, call, source)
    given = _given(family, form, call, source)
    values: dict[str, Any] = {name: _value(form, name, node, source, read) for name, node in given.items()}
    written = {name: _text(node, source) for name, node in given.items()}
    written = {part.name: f"{part.default:g}" for part in form.parameters if part.default is not None} | written
    quantiles = _by_level(values, given) if form.quantiles else {}
    values = quantiles | {part.name: values.get(part.name, part.default) for part in form.parameters}
    if form.check and (fault := form.check(values, written)):
        raise BadParameter(form, fault, source, call.span)
    try:
        made = form.into(**values)
    except LeverageError as error:
        error.at, error.metric = source.place(call.span[0]), source.metric
        raise
    if not all(math.isfinite(number) for name, number in made.items() if name in ("mean", "sd", "mu", "sigma")):
        raise BadParameter(form, "the figures are too far apart for numbers to hold", source, call.span)
    return made


def _text(argument: Argument, source: Source) -> str:
    return source.text[slice(*argument.span)]


def _names(form: Form) -> tuple[str, ...]:
    return tuple(parameter.name for parameter in form.parameters)


def _form(family: Family, call: Call, source: Source) -> Form:
    """The form that is meant: the first that has all the names."""
    for form in family.forms:
        if all(_has(form, name) for name in call.named):
            return form
    for name in call.named:
        if not any(_has(form, name) for form in family.forms):
            raise _no_such(name, family, call, source)
    raise WrongArguments(family.signature, f"{' and '.join(call.named)} do not go together", source, call.span)


def _has(form: Form, name: str) -> bool:
    return name in _names(form) or (form.quantiles is not None and QUANTILE.fullmatch(name) is not None)


def _no_such(name: str, family: Family, call: Call, source: Source) -> WrongArguments:
    known = [known for form in family.forms for known in (*_names(form), *(SUGGESTED if form.quantiles else ()))]
    found = f"p0{name[1]}" if re.fullmatch("p[1-9]", name) and "p05" in known else nearest(name, known)
    mend = f"; did you mean {found!r}?" if found else ""
    start = max(source.text.rfind(name, 0, call.named[name].span[0]), 0)
    span = (start, start + len(name))
    return WrongArguments(family.signature, f"there is no argument {clip(name)!r}{mend}", source, span)


def _given(family: Family, form: Form, call: Call, source: Source) -> dict[str, Argument]:
    """Every argument by its name, as many as there should be."""
    signature, allowed = family.signature, () if form.by_name else _names(form)
    if len(call.args) > len(allowed):
        most = f"takes {len(allowed)} by position, found {len(call.args)}"
        fault = most if allowed else "takes all arguments by name"
        raise WrongArguments(signature, fault, source, call.args[len(allowed)].span)
    given = dict(zip(allowed, call.args, strict=False))
    for name, argument in call.named.items():
        if name in given:
            raise WrongArguments(signature, f"{name!r} is given twice", source, argument.span)
        given[name] = argument
    missing = [part.name for part in form.parameters if part.default is None and part.name not in given]
    if missing:
        raise WrongArguments(signature, f"{' and '.join(missing)} must be given", source, call.span)
    fault = _count(form, sum(QUANTILE.fullmatch(name) is not None for name in given))
    if fault:
        raise WrongArguments(signature, fault, source, call.span)
    return given


def _count(form: Form, count: int) -> str:
    """What is wrong with so many quantiles, or nothing."""
    if form.quantiles is None or form.quantiles[0] <= count <= form.quantiles[1]:
        return ""
    least, most = form.quantiles
    wanted = f"{least} to {most} quantiles" if least < most else "two quantiles"
    more = "; quantiles(...) takes three or more" if least == most < count else ""
    return f"takes {wanted} of p01 ... p99, found {count}{more}"


def _value(form: Form, name: str, node: Argument, source: Source, read: Readers) -> Any:
    parameter = next((parameter for parameter in form.parameters if parameter.name == name), Parameter(name))
    try:
        value = _of_kind(parameter.kind, node, read)
    except UnknownName as error:
        error.at, error.metric = source.place(node.span[0]), source.metric
        raise
    if value is None:
        found = clip(_text(node, source), 30)
        raise WrongArguments(
            form.signature, f"{name} must be {KINDS[parameter.kind]}, found {found}", source, node.span
        )
    if isinstance(value, float) and not parameter.domain.holds(value):
        fault = f"{name} must be {parameter.domain.words}, found {_text(node, source)}"
        raise BadParameter(form, fault, source, node.span)
    return value


def _of_kind(kind: str, node: Argument, read: Readers) -> Any:
    """What stands there, or None where it is of another kind."""
    if kind == "distribution":
        return read["distribution"](node) if isinstance(node, Call) else None
    if isinstance(node, Call):
        return None
    if kind == "metric":
        return read["metric"](node.id) if isinstance(node, Name) else None
    if kind == "numbers":
        numbers = tuple(figure(item) for item in node.items) if isinstance(node, Series) else (None,)
        return None if None in numbers else numbers
    return figure(node)


def _by_level(values: Mapping[str, Any], given: Mapping[str, Argument]) -> dict[str, Any]:
    """The quantiles in the order of their levels, as ``levels``, ``figures`` and ``percent``."""
    names = sorted(name for name in values if QUANTILE.fullmatch(name))
    percent = any(isinstance(node, Number) and node.percent for node in given.values())
    return {
        "levels": tuple(int(name[1:]) / 100 for name in names),
        "figures": tuple(values[name] for name in names),
        "percent": percent,
    }
