"""Small faults for a module's source, one at a time: what the tests of that module should notice (mutation.py).

A comparison is moved or turned, a sum or a number is another, a condition is its opposite, a value is not given back, a
call, a refusal or a line of a table is left out. Words for people, types, docstrings and the log are left alone.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

COMPARED = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
            ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In}
RECKONED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
            ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr}
WHOLE_OPPOSITES = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot, ast.In, ast.NotIn)   # turning one negates it already
ALONE = ("isinstance", "issubclass", "cast_to", "TypeVar")      # of types
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Mutant:
    """One fault: its source as a tree, in which function (none: the module's own level), and what it does in words."""

    name: str
    function: str
    line: int
    tree: ast.Module


@dataclass(frozen=True)
class _Spot:
    path: tuple[Any, ...]       # attribute, index, attribute, … from the root
    function: str
    node: ast.AST


def _spots(node: ast.AST, path: tuple[Any, ...] = (), function: str = "", scope: str = "") -> Iterator[_Spot]:
    """Every place that may be changed, with the outermost function around it."""
    yield _Spot(path, function, node)
    for field, value in ast.iter_fields(node):
        if field in {"annotation", "returns", "decorator_list", "bases", "ctx", "op", "ops"} or _of_types(node, field):
            continue
        inside, name = function, scope
        if isinstance(node, ast.ClassDef):
            name = f"{scope}{node.name}."
        elif isinstance(node, Function) and not function and field == "body":
            inside = scope + node.name
        for index, each in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(each, ast.AST) and not _left_alone(each):
                yield from _spots(each, (*path, field, index if isinstance(value, list) else None), inside, name)


def _of_types(node: ast.AST, field: str) -> bool:
    return isinstance(node, ast.Call) and field == "args" and getattr(node.func, "id", "") in ALONE


def _left_alone(node: ast.AST) -> bool:
    """Imports, words for people, the log, and names for types."""
    if isinstance(node, ast.Assign):
        name = getattr(node.targets[0], "id", "")
        of_types = name[:1].isupper() and not name.isupper() and isinstance(node.value, ast.BinOp | ast.Subscript)
        return of_types or name == "__all__"
    if isinstance(node, ast.ClassDef):
        return any(getattr(base, "id", "") == "Protocol" for base in node.bases)
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant) or ast.unparse(node).startswith("log.")
    return isinstance(node, ast.Import | ast.ImportFrom | ast.JoinedStr)


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in a node's place."""
    for changed in (_compared, _reckoned, _numbers, _conditions, _left_out, _lists):
        yield from changed(node)


def _with(node: ast.AST, **fields: Any) -> Any:
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def _compared(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare):
        for index, op in enumerate(node.ops):
            yield _with(node, ops=[*node.ops[:index], COMPARED[type(op)](), *node.ops[index + 1:]])
    elif isinstance(node, ast.BoolOp):
        yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())


def _reckoned(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in RECKONED:
        yield _with(node, op=RECKONED[type(node.op)]())
    elif isinstance(node, ast.UnaryOp) and not isinstance(node.op, ast.UAdd):
        yield node.operand


def _numbers(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield from (ast.Constant(node.value + 1), ast.Constant(node.value - 1))


def _turned(test: ast.expr) -> Iterator[ast.expr]:
    whole = isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], WHOLE_OPPOSITES)
    if not whole and not (isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)):
        yield ast.UnaryOp(ast.Not(), test)


def _conditions(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        yield from (_with(node, test=test) for test in _turned(node.test))
    elif isinstance(node, ast.comprehension):
        for index, test in enumerate(node.ifs):
            yield from (_with(node, ifs=[*node.ifs[:index], other, *node.ifs[index + 1:]]) for other in _turned(test))


def _left_out(node: ast.AST) -> Iterator[ast.AST]:
    """Statements that are not done, and values that are not given back."""
    dropped = isinstance(node, ast.Raise | ast.AugAssign) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Yield | ast.YieldFrom)) or (
        isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute | ast.Subscript))
    if dropped:
        yield ast.Pass()
    elif isinstance(node, ast.Break | ast.Continue):
        yield ast.Continue() if isinstance(node, ast.Break) else ast.Break()
    elif isinstance(node, ast.Return) and node.value and not (
            isinstance(node.value, ast.Constant) and node.value.value is None):
        yield ast.Return(ast.Constant(None))


def _lists(node: ast.AST) -> Iterator[ast.AST]:
    """A list, set or table with one thing less."""
    if isinstance(node, ast.Dict):
        for index in range(len(node.keys)):
            yield _with(node, keys=node.keys[:index] + node.keys[index + 1:],
                        values=node.values[:index] + node.values[index + 1:])
    elif isinstance(node, ast.Set | ast.List | ast.Tuple) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        for index in range(len(node.elts)):
            rest = node.elts[:index] + node.elts[index + 1:]
            yield _with(node, elts=rest) if rest or not isinstance(node, ast.Set) else ast.Call(
                ast.Name("set", ast.Load()), [], [])


def _placed(tree: ast.Module, path: tuple[Any, ...], node: ast.AST) -> ast.Module:
    """The tree with another node there; only the nodes on the way are made anew."""
    root: Any = copy.copy(tree)
    at = root
    for place in range(0, len(path), 2):
        field, index = path[place:place + 2]
        last = place + 2 >= len(path)
        if index is None:
            setattr(at, field, node if last else copy.copy(getattr(at, field)))
            at = getattr(at, field)
        else:
            setattr(at, field, list(getattr(at, field)))
            getattr(at, field)[index] = node if last else copy.copy(getattr(at, field)[index])
            at = getattr(at, field)[index]
    return root     # type: ignore[no-any-return]


def _short(node: ast.AST, other: ast.AST) -> str:
    """The part that changes, on one line."""
    before, after = (" ".join(ast.unparse(each).split()) if not isinstance(each, ast.comprehension)
                     else " ".join(map(ast.unparse, each.ifs))
                     for each in (node, other))
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    start = max(0, start - 30)
    return f"{before[start:start + 90]} → {after[start:start + 90]}"


def mutants(source: str) -> list[Mutant]:
    """Every fault for this source, in its order; two of the same words in one function are numbered."""
    tree = ast.parse(source)
    seen: Counter[str] = Counter()
    found = []
    for spot in _spots(tree):
        for other in _changes(spot.node):
            line = getattr(spot.node, "lineno", 0) or getattr(getattr(spot.node, "iter", None), "lineno", 0)
            if hasattr(spot.node, "lineno"):
                ast.copy_location(other, spot.node)
            words = f"{spot.function or 'module'}: {_short(spot.node, other)}"
            seen[words] += 1
            name = words + (f" ({seen[words]})" if seen[words] > 1 else "")
            found.append(Mutant(name, spot.function, line, _placed(tree, spot.path, other)))
    return found
