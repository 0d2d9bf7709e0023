"""Files made to do harm, each of at most a little over 1 MB, and how the answer begins."""

from __future__ import annotations

from collections.abc import Callable

MB = 1_000_000
DEEP = "lists and mappings stand more than 100 deep in each other; write fewer levels"
LONG = "the formula has more than 10,000 characters; give parts of it metrics of their own"


def metrics(lines: str, kgi: str = "a") -> str:
    return f"kgi: {kgi}\nmetrics:\n{lines}"


def each(line: str, count: int) -> str:
    """The line for every number; ``#`` is the number and ``@`` the next one, round to 0."""
    return "".join(line.replace("#", str(n)).replace("@", str((n + 1) % count)) for n in range(count))


def alias_bomb() -> str:
    """Nine levels of nine aliases each: a billion entries where aliases are followed."""
    levels = "".join(f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    return f"a: &a [x,x,x,x,x,x,x,x,x]\n{levels}"


HOSTILE: dict[str, tuple[Callable[[], str | bytes], str]] = {
    "200,000 open brackets": (lambda: "[" * 200_000, f"m.yaml:1:101: {DEEP}"),
    "an alias bomb": (alias_bomb, "m.yaml:1:4: the anchor '&a' may not stand in a model"),
    "a merge bomb": (
        lambda: "a0: &a0 {x: 1}\n" + each("b#: {<<: [*a0, *a0, *a0]}\n", 30_000),
        "m.yaml:1:5: the anchor '&a0' may not stand in a model",
    ),
    "1 MB of one formula": (
        lambda: metrics(f"  a: {'b+' * 500_000}b\n  b: 1\n"),
        f"m.yaml:3:10006: metric 'a': {LONG}",
    ),
    "3,300 powers of powers": (
        lambda: metrics(f"  a: {'b**' * 3_300}b\n  b: 1\n"),
        "m.yaml:3:306: metric 'a': the formula is nested more than 100 deep",
    ),
    "50,000 unknown names": (
        lambda: metrics(f"  a: 1\n{each('  m#: zz# + 1' + chr(10), 50_000)}"),
        "m.yaml:4:7: metric 'm0': unknown name 'zz0' in the formula\n",
    ),
    "15,000 names that are nearly right": (
        lambda: metrics(f"  a: 1\n{each('  metric_1#: metric_1#x + 1' + chr(10), 15_000)}"),
        "m.yaml:4:14: metric 'metric_10': unknown name 'metric_10x' in the formula; did you mean",
    ),
    "4,000 long names that are nearly right": (
        lambda: metrics("".join(f"  {'x' * 110}{n}: {'x' * 110}{n}y\n" for n in range(4_000)), f"{'x' * 110}0"),
        f"m.yaml:3:116: metric '{'x' * 110}0': unknown name '{'x' * 57}...' in the formula; did you mean '{'x' * 110}",
    ),
    "blanks that lead nowhere": (
        lambda: metrics(f"  a: x{' ' * 980_000}\t\n  b: zz\n"),
        "m.yaml:3:6: metric 'a': unknown name 'x' in the formula\nm.yaml:4:6: metric 'b': unknown name 'zz'",
    ),
    "a cycle of 50,000": (
        lambda: metrics(each("  m#: m@ + 1\n", 50_000), "m0"),
        "m.yaml:3:7: metric 'm0': cycle m0 -> m1 -> m2 -> m3 -> m4 -> m5 -> (49,989 more) -> m49995 -> m49996 -> ",
    ),
    "a number of 1 MB": (lambda: metrics(f"  a: {'9' * MB}\n"), "m.yaml:3:6: metric 'a': '99999"),
    "all bytes": (lambda: bytes(range(32, 256)) * 4_000, "m.yaml:1:97: byte 0x80 is not UTF-8 text"),
    "zeros": (lambda: bytes(MB), "m.yaml:1:1: the invisible character U+0000"),
    "a million columns": (
        lambda: f"kgi: a\nmetrics: {{a: {{value: 1, note: '{'x ' * 490_000}'}}, z: zz}}\n",
        "m.yaml:2:980039: metric 'z': unknown name 'zz' in the formula; did you mean 'z'?\n",
    ),
    "100,000 duplicate keys": (
        lambda: metrics("  a: 1\n" * 100_000),
        "m.yaml:4:3: metric 'a': key 'a' stands twice, in lines 3 and 4; keep one\n",
    ),
    "60,000 unknown keys": (
        lambda: metrics("  a: 1\n") + each("key#: 1\n", 60_000),
        "m.yaml:4:1: unknown key 'key0'\n",
    ),
    "an id of 1 MB": (
        lambda: metrics(f"  {'x' * MB}: 1\n"),
        "m.yaml:3:3: a key has at most 1,024 characters; shorten it",
    ),
    "50,000 open calls": (
        lambda: metrics(f"  a: {{uncertainty: '{'truncated(' * 50_000}'}}\n"),
        f"m.yaml:3:10021: metric 'a': {LONG}",
    ),
    "5,000 ranges that no distribution has": (
        lambda: metrics(each("  m#: {value: 1, range: [0.99, 2000]}\n", 5_000), "m0"),
        "m.yaml:3:25: metric 'm0': no smooth distribution has P10 0.99, P50 1, P90 2000: they would fold back",
    ),
    "20,000 scenarios on each other": (
        lambda: f"{metrics('  a: 1' + chr(10))}scenarios:\n{each('  s#: {extends: s@}' + chr(10), 20_000)}",
        "m.yaml:5:17: scenario 's0': cycle of extends s0 -> s1 -> s2",
    ),
}
