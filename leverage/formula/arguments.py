"""The arguments of one function: each read as its parameter wants, and put in the order of the signature."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from leverage.errors import listed, nearest
from leverage.formula.cursor import Cursor
from leverage.formula.faults import PastLimit, WrongArguments
from leverage.formula.functions import HINTS, Function, Kind
from leverage.formula.nodes import Label, Node, Number, Series, Span
from leverage.formula.tokens import Token

if TYPE_CHECKING:
    from leverage.formula.parse import Parser

NUMBERS = "write a list of numbers, as [0, 10, 20]"
LABEL = "write a label, in backquotes where it is no plain name"
OVER = "write a dimension, time, or a list of them, as over=[channel, time]"


class Arguments:
    """What one call has been given so far: ``given`` by parameter, ``rest`` past the last of them."""

    def __init__(self, parser: Parser, function: Function, name: Token) -> None:
        self.parser = parser
        self.cursor: Cursor = parser.cursor
        self.function = function
        self.name = name
        self.given: dict[str, Node] = {}
        self.rest: list[Node] = []
        self.by_name = False

    def read(self) -> tuple[Node, ...]:
        """All arguments, in the signature's order, from after the opening bracket up to the closing one."""
        more = self.cursor.token.kind != ")"
        while more:
            parameter = self._parameter()
            kind = self.function.kind(parameter)
            value = self.parser.expression() if kind == "value" else self._special(kind)
            if parameter in self.given:
                self.rest.append(value)
            else:
                self.given[parameter] = value
            more = self.cursor.accept(",")
        return self._complete()

    def _parameter(self) -> str:
        """The parameter that the next argument is for."""
        limit = self.cursor.limits.arguments
        if len(self.given) + len(self.rest) == limit:
            raise PastLimit("arguments", limit, self.cursor.source, self.cursor.token.span)
        return self._named() if self.cursor.named() else self._next()

    def _named(self) -> str:
        name, function = self.cursor.advance(), self.function
        self.cursor.advance()
        self.by_name = True
        known = (*function.parameters, "over") if function.over else function.parameters
        if name.text not in known:
            found = nearest(name.text, known)
            mend = f"did you mean {found!r}?" if found else "write == to compare"
            self._refuse(f"it has no argument {name.text!r}; {mend}", name.span)
        if name.text in self.given:
            self._refuse(f"{name.text} is given twice; leave one of them out", name.span)
        return name.text

    def _next(self) -> str:
        place, function = len(self.given) + len(self.rest), self.function
        if self.by_name:
            self._refuse("arguments without a name come first", self.cursor.token.span)
        if place < len(function.parameters):
            return function.parameters[place]
        if not function.many:
            hint = HINTS.get(function.name, "leave the others out")
            self._refuse(f"it takes {_counted(len(function.parameters))}; {hint}", self.cursor.token.span)
        return function.parameters[-1]

    def _complete(self) -> tuple[Node, ...]:
        missing = [name for name in self.function.parameters if name not in self.given]
        if missing:
            self._refuse(f"{listed(missing)} {'is' if len(missing) == 1 else 'are'} missing", self.name.span)
        if self.rest and "over" in self.given:
            self._refuse("over= goes with one argument alone", self.given["over"].span)
        over = (self.given["over"],) if "over" in self.given else ()
        args = (*(self.given[name] for name in self.function.parameters), *self.rest, *over)
        fault = self.function.check(args) if self.function.check else None
        if fault is not None:
            self._refuse(fault[1], args[fault[0]].span)
        return args

    def _special(self, kind: Kind) -> Node:
        """An argument that is no plain value."""
        if kind == "numbers":
            return self._list(self._signed, NUMBERS)
        if kind == "label":
            return self._label(LABEL)
        if self.cursor.token.kind == "[":
            return self._list(self._dimension, OVER)
        label = self._dimension()
        return Series((label,), label.span)

    def _dimension(self) -> Node:
        return self._label(OVER, "time")

    def _list(self, item: Callable[[], Node], mend: str) -> Series:
        if self.cursor.token.kind != "[":
            raise self.cursor.misplaced(mend)
        start = self.cursor.open().span[0]
        items = [item()]
        while self.cursor.accept(","):
            items.append(item())
            if len(items) > self.cursor.limits.arguments:
                raise PastLimit("arguments", self.cursor.limits.arguments, self.cursor.source, items[-1].span)
        return Series(tuple(items), (start, self.cursor.close().span[1]))

    def _signed(self) -> Node:
        start = self.cursor.token.span[0]
        minus = self.cursor.accept("-")
        token = self.cursor.token
        if token.number is None:
            raise self.cursor.misplaced(NUMBERS)
        self.cursor.advance()
        self.cursor.count()
        value = -token.number.value if minus else token.number.value
        return Number(value, token.number.percent, (start, token.span[1]))

    def _label(self, mend: str, *also: str) -> Label:
        if self.cursor.token.kind not in ("name", "label", *also):
            raise self.cursor.misplaced(mend)
        token = self.cursor.advance()
        self.cursor.count()
        return Label(token.text, token.span)

    def _refuse(self, fault: str, span: Span) -> NoReturn:
        raise WrongArguments(self.function.signature, fault, self.cursor.source, span)


def _counted(count: int) -> str:
    return "one argument" if count == 1 else f"{count} arguments"
