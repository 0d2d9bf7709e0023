"""Bass diffusion, Markov chains and delays, against closed forms, powers of a matrix and convolutions."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.oracles.series import Array, assert_close, figures

P, Q, MARKET = 0.03, 0.38, 10_000.0


def bass(periods: int, step: float = 1.0) -> Array:
    """Bass diffusion by steps of a share of a year, cumulative adopters at each step's end."""
    adopted, path = 0.0, []
    for _ in range(periods):
        adopted += step * (P + Q * adopted / MARKET) * (MARKET - adopted)
        path.append(adopted)
    return np.array(path)


def bass_by_model(periods: int, step: float) -> Array:
    """The same by a model: three metrics in a loop that goes through prev."""
    said = figures(
        {
            "kgi": "last(adopted)",
            "before": "prev(adopted, 0)",
            "new": "step * (innovators + imitators * before / market) * (market - before)",
            "adopted": "before + new",
            "market": MARKET,
            "innovators": P,
            "imitators": Q,
            "step": step,
        },
        periods=periods,
    )
    found: Array = said["adopted"]
    return found


def test_bass_diffusion_follows_its_recursion() -> None:
    assert_close(bass_by_model(30, 1.0), bass(30))


def test_bass_diffusion_by_small_steps_reaches_its_closed_form() -> None:
    """Euler's error bound: h/2 max|F''| (e^(L t) - 1) / L, with f(F) = (p + q F)(1 - F), |f'| <= L = p + q,
    f <= (p + q)^2 / 4 q and F'' = f f'; of first order: half the step, half the error."""
    closed, lipschitz = np.array([]), P + Q
    errors = []
    for h in (1 / 20, 1 / 40):
        t = h * np.arange(1, round(5 / h) + 1)
        closed = (1 - np.exp(-lipschitz * t)) / (1 + Q / P * np.exp(-lipschitz * t))
        error = bass_by_model(len(t), h) / MARKET - closed
        bent = lipschitz**2 / (4 * Q) * lipschitz
        assert (np.abs(error) <= h / 2 * bent * np.expm1(lipschitz * t) / lipschitz).all()
        errors.append(error[-1])
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.05)  # the next term is of order h


CHAIN = np.array([[0.85, 0.10, 0.05], [0.20, 0.60, 0.20], [0.00, 0.02, 0.98]])
STATES = ("active", "asleep", "gone")


def test_a_markov_chain_of_a_metric_a_state_is_a_power_of_its_matrix() -> None:
    flows = {
        f"in_{to}": " + ".join(f"prev({of}, {start}) * {CHAIN[i, j]}" for i, (of, start) in enumerate(opening()))
        for j, to in enumerate(STATES)
    }
    said = figures({"kgi": "last(active)", **flows, **{state: f"in_{state}" for state in STATES}}, periods=12)
    for j, state in enumerate(STATES):
        assert_close(said[state], [state_shares(t + 1)[j] for t in range(12)])


def opening() -> list[tuple[str, float]]:
    """The share of each state before the first period."""
    return list(zip(STATES, (0.7, 0.2, 0.1), strict=True))


def state_shares(t: int) -> Array:
    """The shares after t steps."""
    shares: Array = np.array([share for _, share in opening()]) @ np.linalg.matrix_power(CHAIN, t)
    return shares


def test_a_markov_chain_over_a_dimension_is_a_power_of_its_matrix() -> None:
    """The state is a dimension; each state's row of the matrix is a leaf over it, and pick takes who comes from it."""
    rows = {
        f"from_{state}": {"value": dict(zip(STATES, row.tolist(), strict=True))}
        for state, row in zip(STATES, CHAIN, strict=True)
    }
    share = " + ".join(f"pick(before, {state}) * from_{state}" for state in STATES)
    said = figures(
        {
            "kgi": "last(pick(share, active))",
            "share": share,
            "before": "prev(share, start)",
            "start": {"value": dict(opening())},
            **rows,
        },
        periods=12,
        dimensions={"state": list(STATES)},
    )
    assert said["share"].shape == (3, 12)
    for t in range(12):
        assert_close(said["share"][:, t], state_shares(t + 1))
    assert_close(said["share"].sum(axis=0), np.ones(12))


def test_a_chain_of_two_states_relaxes_to_its_balance_at_a_geometric_rate() -> None:
    """Share after t steps: p* + (p0 - p*)(1 - a - b)^t with p* = b / (a + b)."""
    lapse, return_, first = 0.12, 0.05, 1.0
    said = figures(
        {
            "kgi": "last(active)",
            "active": "prev(active, first) * (1 - lapse) + (1 - prev(active, first)) * back",
            "lapse": lapse,
            "back": return_,
            "first": first,
        },
        periods=48,
    )
    balance = return_ / (lapse + return_)
    t = np.arange(1, 49)
    assert_close(said["active"], balance + (first - balance) * (1 - lapse - return_) ** t)


def test_a_funnel_with_delays_is_a_convolution() -> None:
    """Leads turn into deals over three months: what is won is the convolution of leads with the delays."""
    leads, delays = [120.0, 80.0, 150.0, 90.0, 60.0, 200.0, 30.0], [0.05, 0.03, 0.02]
    terms = "leads * 0.05 + lag(leads, 1, 0) * 0.03 + lag(leads, 2, 0) * 0.02"
    said = figures({"kgi": "sum(won)", "won": terms, "leads": {"value": leads}}, periods=7)
    assert_close(said["won"], np.convolve(leads, delays)[:7])
    assert math.isclose(said["kgi"], said["won"].sum(), rel_tol=1e-14)
