"""The house: who may import whom, and what stays where."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "symcalc"
FILES = sorted(ROOT.rglob("*.py"))
LAYERS = {
    "looks": -1, "equations": 0, "errors": 0, "catalogue": 1, "sources": 1, "notation": 1, "language": 2, "calculus": 3,
    "compute": 4, "derivation": 5, "numeric": 5, "marking": 5, "curvature": 5.5, "descent": 6, "given": 6, "api": 7, "studies": 7,
    "views": 8, "app": 9,
    "__main__": 10,
}  # fmt: skip


def room(path: Path) -> str:
    """The top-level part a file belongs to."""
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(path: Path) -> list[str]:
    """Modules of symcalc that a file imports at run time, wherever in the file."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("symcalc"):
            module = node.module or ""
            found += [f"{module}.{alias.name}" if module == "symcalc" else module for alias in node.names]
        elif isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.startswith("symcalc")]
    return found


def calls(path: Path) -> set[str]:
    """Names of the functions a file calls."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            target = node.func
            found.add(target.id if isinstance(target, ast.Name) else getattr(target, "attr", ""))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_file_imports_only_from_lower_layers_or_its_own_folder(path: Path) -> None:
    own = room(path)
    if own == "__init__":
        return
    for module in imports(path):
        parts = module.split(".")
        other = parts[1] if len(parts) > 1 else "__init__"
        if other == own or other in ("__version__", "__init__"):
            continue
        assert LAYERS[other] < LAYERS[own] or (own, other) == ("api", "studies"), f"{path.name} imports {module}"


def test_no_file_imports_in_a_circle() -> None:
    graph = {}
    for path in FILES:
        name = ".".join(("symcalc", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        guarded = {
            id(n)
            for block in ast.walk(tree)
            if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.dump(block.test)
            for n in ast.walk(block)
        }
        graph[name] = {
            full
            for n in tree.body + [c for b in tree.body if isinstance(b, ast.If | ast.Try) for c in b.body]
            if isinstance(n, ast.ImportFrom) and id(n) not in guarded and (n.module or "").startswith("symcalc")
            for alias in n.names
            for full in (n.module or "", f"{n.module}.{alias.name}")
        }
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " → ".join((*way, name))
        if name in done or name not in graph:
            return
        for other in graph[name] - {"symcalc"}:
            visit(other, (*way, name))
        done.add(name)

    for name in graph:
        visit(name, ())


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_text_is_never_executed_and_only_the_app_prints(path: Path) -> None:
    called = calls(path)
    forbidden = {"eval", "exec", "sympify", "parse_expr", "__import__"}
    # One place runs source: what is printed from equations, with private names.
    allowed = {"exec"} if path.relative_to(ROOT).as_posix() == "compute/native.py" else set()
    assert not called & forbidden - allowed
    if room(path) != "app":
        assert "print" not in called


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_only_sources_and_saving_open_files(path: Path) -> None:
    opens = calls(path) & {"open", "read_text", "read_bytes", "write_text", "write_bytes", "savefig"}
    # The grammar and the parts of pages are files of the package itself.
    assert (
        not opens
        or room(path) in ("sources", "app")
        or path.name in ("save.py", "rendering.py", "grammars.py", "assets.py")
    )


def test_lambdify_is_called_in_one_place() -> None:
    assert [p.name for p in FILES if "lambdify" in calls(p)] == ["printing.py"]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_file_is_over_300_lines_and_every_file_says_what_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 300
    assert ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_matplotlib_is_imported_only_where_something_is_drawn(path: Path) -> None:
    if path.is_relative_to(ROOT / "views" / "figures"):
        return
    top = [n for n in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(n, ast.Import | ast.ImportFrom)]
    names = [a.name for n in top if isinstance(n, ast.Import) for a in n.names]
    names += [n.module or "" for n in top if isinstance(n, ast.ImportFrom)]
    assert not any(name.startswith("matplotlib") for name in names)


def test_all_names_what_the_package_offers() -> None:
    import symcalc

    assert sorted(symcalc.__all__) == dir(symcalc)
    assert all(getattr(symcalc, name) for name in symcalc.__all__)
