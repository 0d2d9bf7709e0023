"""Files made to do harm: each of up to 1 MB gets its sentence within 2 s of processor time and 300 MB of memory."""

import json
import subprocess
import sys
from collections.abc import Callable
from itertools import islice, product
from string import ascii_letters

import pytest

MB = 1_000_000
EMPTY = "f: the file is empty; a model begins with 'kgi: ...' and 'metrics:'"
DEEP = "lists and mappings stand more than 100 deep in each other; write fewer levels"
NO_TEXT = "a list or a mapping stands where a key is due; write the key as plain text"
NO_ALIAS = "may not stand in a model; write the value out, or put quotes round the text"
NO_TAG = "may not stand in a model; delete it, or put quotes round the text"
NO_ANCHOR = "may not stand in a model; write the value out where it is used"
UNCLOSED = "'[' opens here and is never closed; write ']' at its end"
NO_ESCAPE = r"begins an escape, and this is none; write \\"
ENDED = "the model has ended before this; move it up into the model, or delete it"
TOO_LONG = "this list has more than 200,000 entries; is it the right file?"


def words() -> str:
    """As many different keys as fit."""
    return ",".join("".join(letters) for letters in islice(product(ascii_letters, repeat=4), MB // 5))


def bomb() -> str:
    """Nine levels of nine aliases each: a billion entries where aliases are followed."""
    levels = "".join(f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    return f"a: &a [x,x,x,x,x,x,x,x,x]\n{levels}"


def merge_bomb() -> str:
    """Merge keys that double at every level."""
    levels = "".join(f"a{n + 1}: &a{n + 1} {{<<: [*a{n}, *a{n}]}}\n" for n in range(40))
    return f"a0: &a0 {{x: 1}}\n{levels}"


# name, text, and the first finding; None: it reads, and the model's own rules judge it
YAML: dict[str, tuple[Callable[[], str | bytes], str | None]] = {
    "200,000 open brackets": (lambda: "[" * 200_000, f"f:1:101: {DEEP}"),
    "open brackets": (lambda: "[" * MB, f"f:1:101: {DEEP}"),
    "open braces": (lambda: "{" * MB, f"f:1:2: {NO_TEXT}"),
    "open mappings": (lambda: "{a: " * (MB // 4), f"f:1:401: {DEEP}"),
    "dashes": (lambda: "- " * (MB // 2), f"f:1:201: {DEEP}"),
    "question marks": (lambda: "? " * (MB // 2), f"f:1:3: {NO_TEXT}"),
    "stairs": (lambda: "".join(f"{' ' * n}a:\n" for n in range(1400)), f"f:101:101: {DEEP}"),
    "an alias bomb": (bomb, f"f:1:4: the anchor '&a' {NO_ANCHOR}"),
    "a merge bomb": (merge_bomb, f"f:1:5: the anchor '&a0' {NO_ANCHOR}"),
    "aliases": (lambda: "- *a\n" * (MB // 5), f"f:1:3: the alias '*a' {NO_ALIAS}"),
    "an anchor each": (
        lambda: "".join(f"- &a{n} x\n" for n in range(MB // 12)),
        f"f:1:3: the anchor '&a0' {NO_ANCHOR}",
    ),
    "tags": (
        lambda: "- !!python/object/apply:os.system [echo]\n" * (MB // 50),
        f"f:1:3: the tag '!!python/object/apply:os.system' {NO_TAG}",
    ),
    "one key again and again": (
        lambda: "a: 1\n" * (MB // 5),
        "f:2:1: key 'a' stands twice, in lines 1 and 2; keep one",
    ),
    "one key in brackets": (lambda: f"{{{'a,' * (MB // 2)}}}", "f:1:4: key 'a' stands twice, in line 1; keep one"),
    "documents": (lambda: "---\n" * (MB // 4), "f:2:1: a second document begins here; keep one model a file"),
    "a long list": (lambda: f"[{'1,' * (MB // 2)}]", f"f:1:1: {TOO_LONG}"),
    "a long list of nothing": (lambda: "-\n" * (MB // 2), f"f:1:1: {TOO_LONG}"),
    "a long list of mappings": (lambda: f"[{'{},' * (MB // 3)}]", f"f:1:1: {TOO_LONG}"),
    "lists of pairs": (lambda: f"[{'[1,1],' * (MB // 6)}]", None),
    "many keys": (lambda: f"{{{words()}}}", None),
    "cut texts": (
        lambda: f"[{'(,' * (MB // 12)}{'),' * (MB // 12)}]",
        f"f:1:2: the text is cut at ','; put quotes round \"{('(,' * 40)[:77]}...\" inside [ ]",
    ),
    "a text without end": (lambda: "a: " + "x" * MB, None),
    "a key without end": (lambda: "x" * MB + ": 1", "f:1:1: a key has at most 1,024 characters; shorten it"),
    "digits": (lambda: "a: " + "9" * MB, None),
    "a quote that stays open": (
        lambda: 'a: "' + "x\n" * (MB // 2),
        'f:1:4: the quote " opens here and is never closed; close it',
    ),
    "a bracket that stays open": (lambda: "[" + "\n" * MB, f"f:1:1: {UNCLOSED}"),
    "empty lines in a block": (lambda: "a: >\n" + "\n" * MB, None),
    "spaces": (lambda: " " * MB, EMPTY),
    "comments": (lambda: "#\n" * (MB // 2), EMPTY),
    "quotes": (lambda: '"' * MB, f"f:1:3: {ENDED}"),
    "colons": (
        lambda: "a: " * (MB // 3),
        f"f:1:4: the text is cut at ':'; put quotes round \"{('a: ' * 30)[:77]}...\"",
    ),
    "percents": (lambda: "%" * MB, "f:1:1: a line that begins with '%' does not belong in a model; delete it"),
    "tabs": (lambda: "a:\n" + "\t" * MB, "f:2:1: a tab stands where only spaces may; indent with spaces"),
    "zeros": (lambda: b"\0" * MB, "f:1:1: the invisible character U+0000 may not stand in a file; delete it"),
    "bells": (lambda: "a\7\n" * (MB // 3), "f:1:2: the invisible character U+0007 may not stand in a file; delete it"),
    "Latin-1": (
        lambda: b"kgi: a\nname: caf" + b"\xe9" * MB,
        "f:2:10: byte 0xe9 is not UTF-8 text; save the file as UTF-8",
    ),
    "UTF-16": (lambda: ("a: 1\n" * 1000).encode("utf-16"), "f: UTF-16 is not UTF-8 text; save the file as UTF-8"),
    "a picture": (
        lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 100,
        "f:1:1: byte 0x89 is not UTF-8 text; save the file as UTF-8",
    ),
}
JSON: dict[str, tuple[Callable[[], str | bytes], str | None]] = {
    "open brackets": (lambda: "[" * MB, f"f:1:101: {DEEP}"),
    "open mappings": (lambda: '{"a":' * (MB // 5), f"f:1:501: {DEEP}"),
    "one key again and again": (
        lambda: f'{{{chr(34)}a": 1, {chr(34)}a": 2}}',
        "f:1:11: key 'a' stands twice, in line 1; keep one",
    ),
    "a long list": (lambda: f"[{'1,' * (MB // 2)}1]", f"f:1:1: {TOO_LONG}"),
    "lists of pairs": (lambda: f"[{'[1,1],' * (MB // 6)}1]", None),
    "many keys": (lambda: "{" + ",".join(f'"{n}":1' for n in range(MB // 10)) + "}", None),
    "digits": (lambda: f"[{'9' * MB}]", None),
    "a quote that stays open": (lambda: '["' + "x" * MB, 'f:1:2: the quote " opens here and is never closed; close it'),
    "escapes": (lambda: f'["{chr(92)}n{chr(92)}q' + "\\n" * (MB // 2), f"f:1:5: a backslash {NO_ESCAPE}"),
    "halves of characters": (
        lambda: '["' + "\\ud800" * (MB // 6) + '"]',
        "f:1:2: the invisible character U+D800 may not stand in a file; delete it",
    ),
    "newlines": (lambda: "[" + "\n" * MB, f"f:1:1: {UNCLOSED}"),
    "letters": (lambda: "x" * MB, f"f:1:1: '{'x' * 57}...' is no JSON value; put double quotes round it"),
    "zeros": (lambda: b"\0" * MB, "f:1:1: the invisible character U+0000 may not stand in a file; delete it"),
    "spaces": (lambda: " " * MB, EMPTY),
}
CHILD = """
import json, resource, sys, time, yaml
from importlib import import_module
from leverage.errors import InvalidModel
import tests.files.test_hostile as hostile
form = sys.argv[1]
read = import_module(f"leverage.files.{form}").read
answers = {}
for name, (text, _) in getattr(hostile, form.upper()).items():
    data = text()
    data = data if isinstance(data, bytes) else data.encode()
    begun = time.process_time()
    try:
        value = read(data, "f")
        answer = None
    except InvalidModel as refused:
        answer = str(refused)
    value = None
    answers[name] = answer, time.process_time() - begun, len(data)
begun = time.process_time()
bare = yaml.CSafeLoader("[" + "1," * 500_000 + "]") if yaml.__with_libyaml__ else None
while bare and not isinstance(bare.get_event(), yaml.StreamEndEvent):
    pass
bare = time.process_time() - begun
try:  # where the system tells it: of this process alone, and not of the one that started it
    peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) / 1024
except OSError:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([answers, peak, bare]))
"""


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_a_hostile_file_is_answered_in_time_and_space(form: str) -> None:
    """In one process of its own, whose peak is that of the worst file.

    libyaml alone takes a quarter of the two seconds for the events of 1 MB; where it takes longer, the machine is busy.
    """
    run = subprocess.run([sys.executable, "-c", CHILD, form], capture_output=True, text=True, check=True)
    answers, peak, bare = json.loads(run.stdout)
    expected = {name: finding for name, (_, finding) in (YAML if form == "yaml" else JSON).items()}
    assert {name: answer and answer.split("\n")[0] for name, (answer, _, _) in answers.items()} == expected
    assert {name: seconds for name, (_, seconds, _) in answers.items() if seconds > max(2, 5 * bare)} == {}
    assert max(size for _, _, size in answers.values()) < 1.01 * MB
    assert max(len(answer or "") for answer, _, _ in answers.values()) < 20_000
    assert peak < 300
    assert run.stderr == ""
