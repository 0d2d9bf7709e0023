"""A rule is traced once, whatever it does with its arguments."""

from __future__ import annotations

import numpy as np
import pytest

from leverage.ops.record import template
from leverage.ops.table import OPS, Op


def test_a_rule_of_one_kernel_on_its_arguments_is_that_kernel() -> None:
    assert template(np.multiply, 2).kernel == "multiply"
    assert template(lambda x, y: x - y, 2).kernel == "subtract"
    assert template(lambda x, y: y - x, 2).kernel == ""
    assert template(lambda x: x, 1).kernel == ""
    assert template(lambda x: 2 * x, 1).kernel == ""


@pytest.mark.parametrize("op", OPS.values(), ids=lambda op: op.name)
def test_every_rule_has_a_template_and_it_is_kept(op: Op) -> None:
    for rule, arity in [(op.value, op.arity), *((rule, op.arity + 2) for rule in op.slopes if rule)]:
        made = template(rule, arity)
        assert made is template(rule, arity)
        assert 0 <= made.result < arity + len(made.steps)
        for place, (_, args) in enumerate(made.steps):
            assert all(isinstance(arg, float) or arg < arity + place for arg in args)
