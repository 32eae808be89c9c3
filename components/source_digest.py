"""A digest of the code of modules and of all our modules that they import."""

import ast
import functools
import hashlib
import io
import pathlib
import tokenize
from collections.abc import Iterable, Iterator
from typing import Final

PACKAGE: Final = __name__.partition(".")[0]


def source_root() -> pathlib.Path:
    """Returns the folder of the package `components`."""
    return pathlib.Path(__file__).parent


def source_digest(*modules: str, root: pathlib.Path | None = None) -> str:
    """Digests the code of modules and of all our modules that they import, directly or indirectly.

    Comments, docstrings, blank lines and the Python version do not affect the digest.

    Args:
        modules: their full names.
        root: the folder of the package; by default the imported one.

    Raises:
        ModuleNotFoundError: if one of them does not exist.
    """
    root = root or source_root()
    for module in modules:
        if _find(module, root) is None:
            raise ModuleNotFoundError(f"{module} is no module of {PACKAGE}", name=module)
    files = [_find(name, root) for module in modules for name in _with_packages(module)]
    digest = hashlib.sha256()
    for file in sorted(imported_files(filter(None, files), root)):
        code = _decisive(file.read_text("utf-8"))
        digest.update(f"{file.relative_to(root).as_posix()}\n{code}\n".encode())
    return digest.hexdigest()[:16]


def imported_files(files: Iterable[pathlib.Path], root: pathlib.Path) -> set[pathlib.Path]:
    """Returns these files and the files of all modules below `root` that they import, including late imports."""
    reached: set[pathlib.Path] = set()
    waiting = list(files)
    while waiting:
        file = waiting.pop()
        if file not in reached:
            reached.add(file)
            waiting += filter(None, (_find(name, root) for name in _imports(file.read_text("utf-8"))))
    return reached


def _find(module: str, root: pathlib.Path) -> pathlib.Path | None:
    """Returns the file of one of our modules or packages, or None for any other name."""
    _, *parts = module.split(".")
    path = root.joinpath(*parts)
    return next(filter(pathlib.Path.is_file, (path.with_suffix(".py"), path / "__init__.py")), None) if parts else None


@functools.cache
def _imports(source: str) -> tuple[str, ...]:
    return tuple(name for name in _imported_names(ast.parse(source)) if name.startswith(f"{PACKAGE}."))


def _imported_names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            # A name imported from a package may be a module itself.
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            yield from _with_packages(name)


def _with_packages(module: str) -> Iterator[str]:
    """Yields the packages that contain a module, which run before it, and its own name."""
    parts = module.split(".")
    return (".".join(parts[:length]) for length in range(2, len(parts) + 1))


@functools.cache
def _decisive(source: str) -> str:
    """Returns the code without comments, docstrings and blank lines; not `ast.dump`, which differs between Pythons."""
    lines = source.split("\n")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
            # A string that shares its line with other code stays.
            if not lines[first][: node.col_offset].strip():
                lines[first : last + 1] = [""] * (last + 1 - first)
    return "\n".join(line.rstrip() for line in lines if line.strip())
