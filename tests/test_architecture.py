"""The house rules that no reader should have to check: imports run downhill, heavy things load late, words exist."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, get_args

import click
import pytest

import bupmeta
from bupmeta.cli import COMMANDS, main

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "bupmeta"
FILES = sorted(PACKAGE.rglob("*.py"))

#: Each part of the package may import those before it (DESIGN: imports run downhill).
LAYERS = ("errors", "files", "kernels", "table", "trials", "effects", "pooling", "designs", "robustness", "bias",
          "planning", "cells", "simulate", "calibration", "analysis",
          "living", "exchange", "plots", "report", "cli", "__main__")  # fmt: skip
#: What a part may import of the others where that is less than everything below it.
ONLY: dict[str, set[str]] = {
    "files": {"errors"},
    "kernels": {"errors"},
    "table": {"errors"},
    "trials": {"errors", "table"},
    "__main__": {"cli"},
}
#: Libraries that cost 0.3 s and more, and the parts whose very use means that they are needed.
HEAVY = {"pandas", "matplotlib", "statsmodels", "forestplot", "jsonschema", "nbformat", "nbclient", "scipy.stats",
         "scipy.optimize"}  # fmt: skip
MAY_BE_HEAVY = {"plots": {"matplotlib"}}
#: What the numerical parts may import at the top of a file beside the standard library.
NUMERICAL = {"kernels": {"numpy", "scipy.special"}, "effects": {"numpy", "scipy.special"},
             "pooling": {"numpy", "scipy.special"}, "planning": {"numpy", "scipy.special"}}  # fmt: skip


def part(path: Path) -> str:
    """Give the layer a file belongs to; the package's own `__init__` is above all of them."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[str, bool, int]]:
    """Give every imported module (also inside functions), whether at import time, and its line."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    late: set[ast.AST] = set()
    for node in ast.walk(tree):
        typing_only = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        if typing_only or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            late |= set(ast.walk(node))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute"
            deeper = node.module in ("bupmeta", "scipy")  # `from scipy import stats` names a module too
            names = [f"{node.module}.{alias.name}" if deeper else str(node.module) for alias in node.names]
        else:
            continue
        for name in names:
            yield name, node not in late, node.lineno


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_downhill(path: Path) -> None:
    """A file imports only from layers below its own, or from its own."""
    here = part(path)
    if here == "__init__":
        return
    assert here in LAYERS, f"{here} has no place in the order of layers"
    below = ONLY.get(here, set(LAYERS[: LAYERS.index(here)]))
    for name, _, line in imports(path):
        top, *rest = name.split(".")
        if top == "bupmeta" and rest and rest[0] not in ("__version__", here):
            assert rest[0] in below, f"line {line} imports {name}, which is not below {here}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_heavy_libraries_load_late(path: Path) -> None:
    """At the top of a file stands no library that costs the user a wait; numbers need numpy and scipy.special."""
    here = part(path)
    for name, at_once, line in imports(path):
        if not at_once:
            continue
        hits = {library for library in HEAVY if name == library or name.startswith(library + ".")}
        assert hits <= MAY_BE_HEAVY.get(here, set()), f"line {line} imports {name} when the file is loaded"
        if here in NUMERICAL and name.split(".")[0] in ("numpy", "scipy"):
            known = any(name == library or name.startswith(library + ".") for library in NUMERICAL[here])
            assert known, f"line {line} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_stay_small(path: Path) -> None:
    """A file much over 300 lines holds a second idea."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 320


def test_no_file_names_a_host_or_a_machine() -> None:
    """No tracked file names a package index or a place on somebody's disk."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    host = r"https?://[^\s/]*(?:pypi|pythonhosted|anaconda|artifactory|nexus)|--(?:extra-)?index-url"
    place = r"(?<![\w.}])/(?:work|home|Users|root|tmp)/\w"
    wrong = re.compile(f"{host}|{place}".encode())
    found = []
    for name in done.stdout.decode().split("\0"):
        path = ROOT / name
        if path.is_file() and path.suffix not in (".png", ".pdf") and path != Path(__file__):
            found += [f"{name}: {hit.group().decode()}" for hit in wrong.finditer(path.read_bytes())]
    assert not found


@pytest.mark.parametrize("name", bupmeta.__all__)
def test_public_names_exist_and_are_documented(name: str) -> None:
    """Each public name can be had, says what it is, and is named in the documentation."""
    value = getattr(bupmeta, name)
    if name != "__version__":
        assert (value.__doc__ or "").strip()
    words = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *ROOT.glob("docs/*.md"))
    )
    assert name in words or name == "__version__"


def registry(module: str, name: str) -> Any:
    """Give a name of a module."""
    return getattr(importlib.import_module(f"bupmeta.{module}"), name)


@pytest.mark.parametrize(
    ("options", "functions"),
    [
        (("kernels", "Tau2Name"), ("kernels", "TAU2")),
        (("pooling", "CiName"), ("pooling.ci", "CI")),
        (("pooling", "PredictionName"), ("pooling.prediction", "PREDICTION")),
        (("pooling", "Tau2CiName"), ("pooling.heterogeneity", "TAU2_CI")),
        (("table", "Kind"), ("table", "FORMATS")),
        (("table", "Format"), ("table", "RENDERERS")),
        (("designs", "Order"), ("designs", "ORDERS")),
        (("bias", "PredictorName"), ("bias", "PREDICTORS")),
        (("effects", "Measure"), ("effects", "MEASURES")),
        (("effects.counts", "CountMeasure"), ("effects.counts", "COUNTS")),
        (("plots.forest", "Style"), ("plots.forest", "STYLES")),
        (("table.notation", "PresetName"), ("table.notation", "NOTATIONS")),
        (("table.notation", "PresetName"), ("plots.presets", "PRESETS")),
        (("report.formats", "FormatName"), ("report.formats", "FORMATS")),
        (("plots.lines", "Look"), ("plots.lines", "LOOKS")),
    ],
)
def test_options_are_the_keys_of_their_registry(options: tuple[str, str], functions: tuple[str, str]) -> None:
    """What a type allows is what can be done, and the other way round."""
    literal, table = registry(*options), registry(*functions)
    assert isinstance(table, Collection)
    assert set(get_args(literal)) == set(table)


def sections() -> dict[str, str]:
    """Give the text of docs/cli.md by the command it is about; the part before the first is about them all."""
    parts = re.split(
        r"^## `bupmeta (\w+).*`$", (ROOT / "docs" / "cli.md").read_text(encoding="utf-8"), flags=re.M
    )
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2]))}


def options(command: click.Command) -> set[str]:
    """Give the names of a command's options, and of those of its parts, as they are typed."""
    own = {
        name for p in command.params if isinstance(p, click.Option) for name in (*p.opts, *p.secondary_opts)
    }
    parts = command.commands.values() if isinstance(command, click.Group) and command is not main else ()
    return own.union(*map(options, parts))


def test_every_command_is_documented() -> None:
    """docs/cli.md has one section per command, in the order of the registry."""
    assert list(sections()) == ["", *COMMANDS]


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_every_option_is_documented(name: str) -> None:
    """A section of docs/cli.md names each option of its command and none that is not there."""
    command = COMMANDS[name].load() if name else main
    named = set(re.findall(r"`(--?[a-z][\w-]*)", sections()[name]))
    assert options(command) - {"-h", "--help"} == named - {"-h", "--help"}


@pytest.mark.parametrize(
    "name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/cli.md", "docs/library.md"]
)
def test_documentation_points_at_files_that_exist(name: str) -> None:
    """Each path of the repository in backticks leads somewhere."""
    text = (ROOT / name).read_text(encoding="utf-8")
    paths = re.findall(r"`((?:src|tests|docs|data|analyses|benchmarks)/[\w./-]*)`", text)
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_contributing_lists_the_layers_in_order() -> None:
    """The table of parts has the order of imports that is tested here."""
    table = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## Recipes")[0]
    named = re.findall(r"`(\w+)(?:/|\.py)`", table.split("| --- | --- |")[1])
    assert [layer for layer in named if layer in LAYERS] == [layer for layer in LAYERS if layer != "__main__"]
