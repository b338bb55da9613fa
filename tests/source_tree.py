"""What the modules of a tree import and do, read from their source without running it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

PACKAGES = ("libs", "services")


@dataclass(frozen=True)
class Tree:
    """The packages `libs` and `services` under a folder."""

    root: Path

    @cached_property
    def modules(self) -> dict[str, ast.Module]:
        """Every module by its dotted name; a package by its own."""
        paths = [path for package in PACKAGES for path in sorted((self.root / package).rglob("*.py"))]
        return {self._name(path): ast.parse(path.read_text(), str(path)) for path in paths}

    @cached_property
    def packages(self) -> set[str]:
        """The dotted names that are packages, to resolve relative imports."""
        return {self._name(path) for package in PACKAGES for path in (self.root / package).rglob("__init__.py")}

    def _name(self, path: Path) -> str:
        parts = path.relative_to(self.root).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def imports(self, module: str) -> set[str]:
        """What a module imports anywhere in it, save for type checkers only: ours by module, others in full."""
        return self._imports[module]

    @cached_property
    def _imports(self) -> dict[str, set[str]]:
        return {module: self._imported(module) for module in self.modules}

    def _imported(self, module: str) -> set[str]:
        found: set[str] = set()
        for node in running(self.modules[module]):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                base = self._base(module, node)
                found |= {
                    name if (name := f"{base}.{alias.name}") in self.modules or not self._ours(base) else base
                    for alias in node.names
                }
        return found

    def _base(self, module: str, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        package = module.split(".")[: None if module in self.packages else -1]
        package = package[: len(package) - node.level + 1]
        return ".".join([*package, *([node.module] if node.module else [])])

    def _ours(self, name: str) -> bool:
        return name.split(".")[0] in PACKAGES

    def reached(self, module: str) -> dict[str, str]:
        """Our modules that run when one is imported, itself included, each with the one that imports it."""
        found, waiting = {module: module}, [module]
        while waiting:
            importer = waiting.pop()
            for name in self.imports(importer):
                for part in _with_parents(name):
                    if part in self.modules and part not in found:
                        found[part] = importer
                        waiting.append(part)
        return found


def _with_parents(name: str) -> Iterator[str]:
    """`a.b.c`, `a.b` and `a`: importing a module runs its packages."""
    parts = name.split(".")
    yield from (".".join(parts[:length]) for length in range(len(parts), 0, -1))


def running(node: ast.AST) -> Iterator[ast.AST]:
    """Every part of a module but what only a type checker or `python -m` looks at."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and _never_at_import(child.test):
            yield from (part for other in child.orelse for part in (other, *running(other)))
        else:
            yield child
            yield from running(child)


def at_import(node: ast.AST) -> Iterator[ast.AST]:
    """What is evaluated when a module is imported: all but the bodies of functions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and _never_at_import(child.test):
            continue
        if isinstance(child, ast.Lambda):
            continue
        yield child
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            for part in (*child.decorator_list, *child.args.defaults, *filter(None, child.args.kw_defaults)):
                yield part
                yield from at_import(part)
        else:
            yield from at_import(child)


def _never_at_import(test: ast.expr) -> bool:
    return ast.unparse(test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING", "__name__ == '__main__'")


def called(node: ast.AST) -> str | None:
    """The name of what is called, e.g. `asyncio.run`; a call on a value by its last name, e.g. `.read_text`."""
    if not isinstance(node, ast.Call):
        return None
    if isinstance(node.func, ast.Attribute):
        text = ast.unparse(node.func)
        return text if text.replace(".", "").replace("_", "").isalnum() else f".{node.func.attr}"
    return node.func.id if isinstance(node.func, ast.Name) else None
