"""The shipped models on the command line: what there is, and a copy to make one's own."""

from __future__ import annotations

from pathlib import Path
from shlex import quote

from leverage.errors import LeverageError, UnknownName, clip
from leverage.files import save
from leverage.files.shipped import shipped


class Exists(LeverageError):
    """A file that would be overwritten."""

    def __init__(self, name: str, path: Path) -> None:
        super().__init__(f"{path} exists already; name another file: leverage new {name} my-{name}.yaml")


class NotYaml(LeverageError):
    """A name for the copy that says another format."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"the shipped models are YAML; name the copy {path.with_suffix('.yaml')}")


class OneCopy(LeverageError):
    """More than a model and a file."""

    def __init__(self, word: str) -> None:
        super().__init__(f"{clip(word)!r} is one word too many; write leverage new NAME FILE")


def table() -> str:
    """The shipped models, a line each: name, and what the file says of itself."""
    models = shipped()
    width = max((len(name) for name in models), default=0)
    lines = [f"{name:{width}}  {_about(path)}" for name, path in models.items()]
    return "\n".join(
        [*lines, "", "Next: leverage new NAME FILE.yaml copies one; leverage levers NAME asks it as it is."]
    )


def _about(path: str) -> str:
    """The file's first line of comment."""
    first = Path(path).read_text(encoding="utf-8").partition("\n")[0]
    return first.removeprefix("#").strip()


def copy(name: str, file: str = "", *more: str) -> str:
    """Copy the model; says what to do next.

    Raises:
        UnknownName: no model of that name is shipped.
        Exists, NotYaml: the file stands already, or is called something else than YAML.
        NoFile: its folder is missing, or takes no files.
    """
    if more:
        raise OneCopy(more[0])
    models = shipped()
    if name not in models:
        raise UnknownName(name, models, what="template", where="(leverage new --list shows them)")
    path = Path(file or f"{name}.yaml")
    if path.exists() or path.is_symlink():
        raise Exists(name, path)
    if path.suffix.lower() not in (".yaml", ".yml", ""):
        raise NotYaml(path)
    save(path, Path(models[name]).read_text(encoding="utf-8"))
    return f"wrote {path}\nNext: leverage levers {quote(str(path))}"
