"""The user's program as it is written: under which names it knows its things, and how it calls what it calls.

A fix that is to be pasted speaks of the user's own variables, so they are looked up where the doctor was called from,
or where the exception went through. What cannot be found has the name that this course gives it.
"""

from __future__ import annotations

import ast
import copy
import inspect
import linecache
import re
import sysconfig
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, TypeVar

Node = TypeVar("Node", bound=ast.AST)
Scope = ast.Module | ast.FunctionDef

_LONGEST = 400_000  # characters of a file that is read
_MOST_FRAMES = 8

_LIBRARY = tuple(
    {str(Path(path).resolve()) for name, path in sysconfig.get_paths().items() if "lib" in name}
    | {path for name, path in sysconfig.get_paths().items() if "lib" in name}
)
AUTOGRAPH = "__autograph_generated_file"  # the user's own functions, as TensorFlow rewrites them
_CELL = "In["  # before the number of a notebook's cell, as Jupyter shows it
_TIMED = "<timed exec>", "<timed eval>"  # a cell that begins with %%time, as IPython runs it
MAGIC = "get_ipython().run_cell_magic("
_OURS = str(Path(__file__).parents[2])


def is_users(frame: FrameType) -> bool:
    """Whether a frame runs code that the user wrote, rather than a library's or Python's own."""
    file = frame.f_code.co_filename
    if file == "<string>":
        return frame.f_globals.get("__name__") == "__main__"
    if file.startswith("<") and not file.startswith(("<ipython", "<stdin", *_TIMED)):
        return False
    if "site-packages" in file or "dist-packages" in file or AUTOGRAPH in file:
        return False
    return not file.startswith((*_LIBRARY, _OURS))


def callers(level: int) -> list[FrameType]:
    """List the user's frames that called, innermost first; a wrapper of a model's own method has no names to offer.

    Parameters
    ----------
    level : int
        How many calls away the first of them is from the function that asks.
    """
    found: list[FrameType] = []
    frame = inspect.currentframe()
    for _ in range(level + 1):
        frame = frame.f_back if frame is not None else None
    while frame is not None and len(found) < _MOST_FRAMES:
        if is_users(frame) and not hasattr(frame.f_locals.get("self"), "train_step"):
            found.append(frame)
        frame = frame.f_back
    return found


class Program:
    """What the user wrote, seen from some frames.

    Parameters
    ----------
    frames : sequence of frame
        Frames of the user's own code, innermost first; none for a program that is not known.
    running : iterable of (str, int), optional
        Files and lines of the calls that it is about; by default those that the frames are at now.
    """

    def __init__(self, frames: Sequence[FrameType] = (), running: Iterable[tuple[str, int]] | None = None):
        self._frames = tuple(frames)
        now = ((frame.f_code.co_filename, frame.f_lineno) for frame in self._frames)
        self._running = frozenset(now if running is None else running)

    def name_of(self, thing: Any, otherwise: str) -> str:
        """Name under which the program knows a thing; another if it has none there."""
        if thing is None:
            return otherwise
        for frame in self._frames:
            for names in (frame.f_locals, frame.f_globals):
                # The name that it got last: X, after X = photos.
                for name, value in reversed(list(names.items())):
                    if value is thing and not name.startswith("_"):
                        return name
        return otherwise

    def given_name(self, thing: Any, usual: str) -> str:
        """Name of what a call was given: the usual one where it has none, or, where that is taken, one for it alone."""
        taken = thing is not None and self.value_of(usual) is not None
        return self.name_of(thing, f"{usual}{_GIVEN}" if taken else usual)

    def value_of(self, name: str) -> Any:
        """Look up what the program knows under a name, such as ``model`` or ``self.model``; None for nothing."""
        if "." in name:
            owner, _, last = name.rpartition(".")
            return getattr(self.value_of(owner), "__dict__", {}).get(last)  # runs no property
        for frame in self._frames:
            for names in (frame.f_locals, frame.f_globals):
                if name in names:
                    return names[name]
        return None

    def values(self) -> Iterator[tuple[str, Any]]:
        """All that the program has named, the innermost first."""
        for frame in self._frames:
            yield from list(frame.f_locals.items())
        for frame in self._frames[:1]:
            yield from list(frame.f_globals.items())

    def localised(self, fix: str) -> str:
        """Write a line with the names by which the program knows Keras and its classes."""
        here = self._frames[:1]
        if "keras." not in fix or not here or "keras" in {**here[0].f_globals, **here[0].f_locals}:
            return fix

        def known(found: re.Match[str]) -> str:
            thing = self.value_of(found[2])
            return found[2] if isinstance(thing, type) and thing.__module__.startswith("keras.") else found[0]

        fix = re.sub(r"\bkeras\.(\w+)\.(\w+)(?=\()", known, fix)
        if hasattr(self.value_of("tf"), "keras"):
            fix = re.sub(r"\bfrom keras\b", "from tensorflow.keras", fix)
            fix = re.sub(r"(?<![\w.])keras\.", "tf.keras.", fix)
        return fix

    def placed(self, fix: str) -> str:
        """Write a line about X or y, where the program has no such name, into the call that they were given to."""
        fix = _OF_A_SET.sub(_mapped, fix)
        found = re.search(rf"(?:^|; |, )((X|y)(?:{_GIVEN})?) = ", fix)
        if not found or not self._frames or self.value_of(found[1]) is not None:
            return fix
        name, argument = found[1], found[2].lower()
        for call, given in self._nameless(argument):
            once = re.fullmatch(rf"{name} = ([^;#\n]+)(  #.*)?", fix)
            if once:
                new = in_line(_Replaced(name, given).visit(ast.parse(once[1], mode="eval")))
                return in_line(changed(call, (), {argument: new})) + (once[2] or "")
            lines, mark, comment = fix.partition("  #")
            return f"{name} = {in_line(given)}; {lines}; {in_line(changed(call, (), {argument: name}))}{mark}{comment}"
        return fix

    def spelt_out(self, text: str, *asked: str) -> str:
        """Write what a call was given, and what has no name, as it stands there: ``y_train.values``.

        Parameters
        ----------
        text : str
        *asked : str
            Functions that are asked about a training rather than train: what they were given is meant, too.
        """
        for usual in ("X", "y"):
            if f"{usual}{_GIVEN}" in text and f"{usual}{_GIVEN} = " not in text:
                given = next((in_line(given) for _, given in self._nameless(usual.lower(), *asked)), usual)
                text = given.join(re.split(rf"\b{usual}{_GIVEN}\b", text))
        return text

    def _nameless(self, argument: str, *asked: str) -> Iterator[tuple[ast.Call, ast.expr]]:
        """List calls that were given an expression as x or y, with that expression."""
        for call in self.calls("fit", "evaluate", "predict", "examine", *asked):
            given = argument_of(call, argument)
            is_of_these = isinstance(call.func, ast.Attribute) or called(call) in ("examine", *asked)
            if is_of_these and given is not None and not isinstance(given, ast.Name):
                yield call, given

    def arrays(self, kinds: str) -> Iterator[tuple[str, Any]]:
        """All NumPy arrays that the program has named, of some kinds of dtype, such as "fiu" for numbers."""
        for name, value in self.values():
            if type(value).__name__ == "ndarray" and value.dtype.kind in kinds and not name.startswith("_"):
                yield name, value

    @cached_property
    def _files(self) -> dict[str, ast.Module]:
        """The files that the frames run, parsed, the innermost first; of a notebook all cells, the last one first."""
        sources: dict[str, str] = {}
        for frame in self._frames:
            file = frame.f_code.co_filename
            sources.setdefault(file, "".join(lines_of(file, frame.f_globals)))
        known = {source.strip() for source in sources.values()}
        for number, cell in next(filter(None, (_cells(frame.f_globals) for frame in self._frames)), []):
            if cell.strip() not in known:
                known.add(cell.strip())
                sources[f"{_CELL}{number}]"] = cell
        parsed = {file: parse(source) for file, source in sources.items()}
        return {file: tree for file, tree in parsed.items() if tree is not None}

    @property
    def trees(self) -> tuple[ast.Module, ...]:
        """The files that the frames run, parsed, innermost first; the cells of a notebook are files, too."""
        return tuple(self._files.values())

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """What is at work: the running functions and modules, innermost first, and the functions that they mention.

        What else stands in a file, such as a function that makes another model, has no part in it.
        """
        return tuple(scope for _, scope in self._at_work)

    @cached_property
    def _at_work(self) -> tuple[tuple[str, Scope], ...]:
        """The scopes, with their files."""
        running = [(frame.f_code.co_filename, self._scope_of(frame)) for frame in self._frames]
        cells = [(file, tree) for file, tree in self._files.items() if file.startswith(_CELL)]
        defined: dict[str, list[tuple[str, Scope]]] = defaultdict(list)
        for file, tree in self._files.items():
            for name, function in _functions(tree):
                defined[name].append((file, function))
        found: dict[int, tuple[str, Scope]] = {}
        waiting: list[tuple[str, Scope]] = [(file, scope) for file, scope in [*running, *cells] if scope is not None]
        while waiting:
            file, scope = waiting.pop(0)
            if id(scope) not in found:
                found[id(scope)] = file, scope
                waiting += [one for name in _index(scope).mentioned for one in defined.get(name, ())]
        return tuple(found.values())

    def _scope_of(self, frame: FrameType) -> Scope | None:
        """Find what a frame runs in its file."""
        tree = self._files.get(frame.f_code.co_filename)
        if tree is None or frame.f_code.co_name == "<module>":
            return tree
        of_name = (function for _, function in _functions(tree) if function.name == frame.f_code.co_name)
        return next((one for one in of_name if one.lineno <= frame.f_lineno <= (one.end_lineno or one.lineno)), None)

    def calls(self, *names: str) -> Iterator[ast.Call]:
        """List calls of functions or methods of these names: those that are running, then the last written first."""
        for file in self._files:
            lines = [line for name, line in self._running if name == file]
            scopes = [scope for of, scope in self._at_work if of == file]
            found = [call for scope in scopes for name in names for call in _index(scope).calls.get(name, ())]

            def order(call: ast.Call, lines: list[int] = lines) -> tuple[bool, int, int]:
                runs = any(call.lineno <= line <= (call.end_lineno or call.lineno) for line in lines)
                return runs, call.lineno, call.col_offset

            yield from sorted(found, key=order, reverse=True)

    def assigned(self, name: str) -> Iterator[ast.Assign]:
        """List what assigns to a name, such as ``X`` or ``self.body``, alone or among others: the last first.

        Lines of what runs innermost come before those of what called it.
        """
        for scope in self.scopes:
            yield from _index(scope).assigned.get(name, ())[::-1]

    def expressions(self, name: str) -> Iterator[ast.expr]:
        """List what a name is given, the last first, also where several names get theirs in one line."""
        for line in self.assigned(name):
            for target in line.targets:
                if ast.unparse(target) == name:
                    yield line.value
                elif isinstance(target, ast.Tuple) and isinstance(line.value, ast.Tuple):
                    pairs = zip(target.elts, line.value.elts, strict=False)
                    yield from (value for part, value in pairs if ast.unparse(part) == name)

    @staticmethod
    def argument(line: str, name: str) -> str:
        """Read what a line gives under an argument's name, as it is written; empty if it does not."""
        tree = parse(line)
        for node in ast.walk(tree) if tree else ():
            if isinstance(node, ast.keyword) and node.arg == name:
                return in_line(node.value)
        return ""

    def rewritten(self, name: str, of: str = "", otherwise: str = "", drop: Sequence[str] = (), **changes: str) -> str:
        """Write a call as the program has it, with other arguments.

        Parameters
        ----------
        name : str
            What is called, such as "compile".
        of : str
            The variable before the dot, if it matters.
        otherwise : str
            What to write where the program has no such call.
        drop : sequence of str
            Keywords to leave out.
        **changes : str
            Keywords and their new values, as text.

        Returns
        -------
        str
        """
        for call in self.calls(name):
            if of and not (isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == of):
                continue
            return in_line(changed(call, drop, changes))
        return otherwise


# What a thing without a name is called until it is known where it stands, if X or y is something else.
_GIVEN = "_given"
# "X in train_ds = X in train_ds / 255", as a rule writes that knows nothing of data sets.
_OF_A_SET = re.compile(r"(?:(?<=^)|(?<=; ))(?P<part>[Xy]) in (?P<name>\w+) = (?P<new>[^;#\n]+?)(?=;|\s*#|\s*$)")


def _mapped(found: re.Match[str]) -> str:
    """Write what is done to the inputs or the labels of a data set as a function for its ``map``."""
    part, name = found["part"], found["name"]
    new = re.sub(rf"\b{part} in {name}\b", part.lower(), found["new"])
    pair = f"({new}, y)" if part == "X" else f"(x, {new})"
    return f"{name} = {name}.map(lambda x, y: {pair})"


class _Index:
    """What rules look up in a module or a function, found in one walk.

    Attributes
    ----------
    calls : mapping of str to list of Call
        By the last part of the name that is called.
    assigned : mapping of str to list of Assign
        By each name that gets something, in the order of the lines.
    mentioned : list of str
        Names, and names behind a dot.
    """

    def __init__(self, scope: Scope):
        self.calls: dict[str, list[ast.Call]] = {}
        self.assigned: dict[str, list[ast.Assign]] = {}
        mentioned: dict[str, None] = {}
        for node in chain.from_iterable(map(_with_body, nodes_of(scope))):
            if isinstance(node, ast.Call):
                self.calls.setdefault(called(node), []).append(node)
            elif isinstance(node, ast.Assign):
                for name in dict.fromkeys(name for target in node.targets for name in names_in(target)):
                    self.assigned.setdefault(name, []).append(node)
            elif isinstance(node, ast.Name):
                mentioned[node.id] = None
            elif isinstance(node, ast.Attribute):
                mentioned[node.attr] = None
        self.mentioned = list(mentioned)


_index = lru_cache(maxsize=2048)(_Index)


@lru_cache(maxsize=512)
def _functions(tree: ast.Module) -> list[tuple[str, ast.FunctionDef]]:
    """List the functions of a file by how they are reached: their names, and of methods that of their class, too."""
    found: list[tuple[str, ast.FunctionDef]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            found.append((node.name, node))
        elif isinstance(node, ast.ClassDef):
            found += [(node.name, method) for method in node.body if isinstance(method, ast.FunctionDef)]
    return found


def lines_of(file: str, names: dict[str, Any] | None) -> list[str]:
    """Read the lines of a file, or of a cell, that runs with these global names."""
    linecache.checkcache(file)
    lines = linecache.getlines(file, names)
    if not lines and file in _TIMED and names:
        return next((cell for _, cell in _cells(names)), "").splitlines(keepends=True)
    return lines


def _cells(names: dict[str, Any]) -> list[tuple[int, str]]:
    """List the cells of a notebook that have run, by its global names, the last first; none of a script."""
    ran = names.get("_ih") if "get_ipython" in names else None
    return [(i, _without_magic(str(ran[i]))) for i in range(len(ran) - 1, 0, -1)] if isinstance(ran, list) else []


def _without_magic(cell: str) -> str:
    """Take what a cell runs out of its ``%%time``, or another that runs it."""
    if not cell.startswith(MAGIC):
        return cell
    tree = parse(cell)
    given = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)] if tree else []
    return str(given[2]) if len(given) == 3 and given[0] in ("time", "timeit", "capture", "prun") else ""


class _Replaced(ast.NodeTransformer):
    """Puts an expression in the place of a name."""

    def __init__(self, name: str, expression: ast.expr):
        self.name, self.expression = name, expression

    def visit_Name(self, node: ast.Name) -> ast.expr:  # as ast looks for it
        return self.expression if node.id == self.name else node


def nodes_of(scope: Scope) -> Iterator[ast.AST]:
    """Walk through a module or a function, but not into the functions and classes inside, whose names are others."""
    waiting: list[ast.AST] = list(scope.body)
    while waiting:
        node = waiting.pop(0)
        yield node
        if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda):
            waiting[:0] = ast.iter_child_nodes(node)


def _with_body(node: ast.AST) -> Iterable[ast.AST]:
    """List a node, and of a lambda all that it holds."""
    return ast.walk(node) if isinstance(node, ast.Lambda) else (node,)


def names_in(target: ast.expr) -> list[str]:
    """List what an assignment gives something to, as it is written: ``a, self.b = …`` gives to a and to self.b."""
    parts = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
    return [ast.unparse(part) for part in parts]


def read_in(scope: Scope) -> set[str]:
    """List the names that a module or a function reads, and has not been given itself."""
    names = [node for node in nodes_of(scope) if isinstance(node, ast.Name)]
    given = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    given |= {each.arg for each in scope.args.args} if isinstance(scope, ast.FunctionDef) else set()
    return {node.id for node in names if isinstance(node.ctx, ast.Load)} - given


def called(call: ast.Call) -> str:
    """Last part of the name that is called."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


# Names of the arguments that are given by position.
_POSITIONS = {
    "compile": ("optimizer", "loss", "loss_weights", "metrics"),
    "fit": ("x", "y", "batch_size", "epochs", "verbose"),
    "evaluate": ("x", "y", "batch_size", "verbose"),
    "predict": ("x", "batch_size", "verbose"),
    "predict_on_batch": ("x",),
    "test_on_batch": ("x", "y"),
    "examine": ("model", "x", "y"),
    "review": ("history", "model", "x", "y"),
    "EarlyStopping": ("monitor",),
    "ModelCheckpoint": ("filepath", "monitor"),
    **dict.fromkeys(("Model", "Functional"), ("inputs", "outputs")),
    "Embedding": ("input_dim", "output_dim"),
    "ReduceLROnPlateau": ("monitor",),
    **dict.fromkeys(("LSTM", "GRU", "SimpleRNN"), ("units",)),
}


def argument_of(call: ast.Call, name: str) -> ast.expr | None:
    """Find what a call gives for an argument, by place or by name."""
    places = dict(zip(_POSITIONS.get(called(call), ()), call.args, strict=False))
    return places.get(name) or next((word.value for word in call.keywords if word.arg == name), None)


def changed(call: ast.Call, drop: Sequence[str], changes: dict[str, str]) -> ast.Call:
    """Copy a call with other arguments; what is not named stays as it is."""
    values: dict[str, ast.expr] = {name: ast.parse(value, mode="eval").body for name, value in changes.items()}
    places = dict(enumerate(_POSITIONS.get(called(call), ())))
    args = [values.pop(places[i], arg) if i in places else arg for i, arg in enumerate(call.args)]
    words = []
    for word in call.keywords:
        if word.arg in values:
            words.append(ast.keyword(word.arg, values.pop(word.arg)))
        elif word.arg not in drop:
            words.append(word)
    return ast.Call(call.func, args, words + [ast.keyword(name, value) for name, value in values.items()])


def exchanged(node: Node, old: ast.expr, new: ast.expr) -> Node:
    """Copy a piece of a program with another expression in the place of one of its own."""
    return copy.deepcopy(node, {id(old): new})


def in_line(node: ast.AST) -> str:
    """Write a piece of a program in one line, its texts in double quotes where that changes nothing."""
    text = ast.unparse(node)
    return text.replace("'", '"') if '"' not in text else text


def own_words(names: Iterable[str]) -> list[set[str]]:
    """List the words of each name that are in no other: ``left_train`` and ``right_train`` have one each."""
    words = [set(re.findall(r"[a-z]+|\d+", name.lower())) for name in names]
    return [one - set().union(*words[:i], *words[i + 1 :]) for i, one in enumerate(words)]


@lru_cache(maxsize=512)
def parse(source: str) -> ast.Module | None:
    """Read a program; None if it is none, or too long. What it gives is kept, so that nobody may change it."""
    if not source or len(source) > _LONGEST:
        return None
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return None


def function_tree(function: Any) -> ast.FunctionDef | ast.Lambda | None:
    """Read the source of a function of the user's, or of its code; None where it cannot be had."""
    code = function if isinstance(function, CodeType) else getattr(function, "__code__", None)
    if not isinstance(code, CodeType):
        return None
    tree = parse("".join(lines_of(code.co_filename, getattr(function, "__globals__", None))))
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.FunctionDef | ast.Lambda) and getattr(node, "name", "<lambda>") == code.co_name:
            first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
            if first <= code.co_firstlineno <= node.lineno:
                return node
    return None


def unpacked(tree: ast.FunctionDef) -> ast.Assign | None:
    """Find the line in which a step takes its batch apart: ``x, y = data``."""
    given = {argument.arg for argument in (*tree.args.args[1:], tree.args.vararg) if argument is not None}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
            of_batch = isinstance(node.value, ast.Call) and called(node.value).startswith("unpack_x_y")
            if of_batch or (isinstance(node.value, ast.Name) and node.value.id in given | {"data", "batch"}):
                return node
    return None
