"""A fix of the doctor, pasted into the program that it is for, as a person would do it.

A fix is a line to write, a call to write in the place of another, or an argument to change; several are divided by
semicolons or lines. Where it goes depends on its form alone, never on which fix it is.
"""

import ast
import re
from difflib import SequenceMatcher

# Calls that the fixes of data and models have to stand before; the second where there is none of the first.
_LAST = (
    ("fit", "examine", "review", "evaluate", "predict", "train_on_batch"),
    ("load_model", "load_weights", "to_categorical", "compile"),
)


def mend(source, fix):
    """Change a program as a fix says; None if its form says no place.

    Parameters
    ----------
    source, fix : str

    Returns
    -------
    str or None
    """
    note = re.search(r"#\s*(.*)", fix)
    note = note[1] if note else ""
    for part in _parts(fix):
        changed = _one(ast.parse(source), part, note)
        if changed is None:
            return None
        source = changed
    return source


def _parts(fix):
    """Take a fix apart into statements and arguments."""
    code = re.sub(r"\s*#(?=([^\"']*[\"'][^\"']*[\"'])*[^\"']*$).*", "", fix) if not fix.startswith("class ") else fix
    code = code.strip()
    if not code:
        return []
    try:
        tree = ast.parse(code)
    except SyntaxError:
        pieces = [piece.strip() for piece in code.split(";")]
        return pieces if len(pieces) > 1 else [code]
    pieces = [ast.unparse(node) for node in tree.body]
    # `loss="mse"` reads as an assignment, and is an argument.
    return pieces


def _one(tree, part, note):
    if part.startswith("return "):
        return _as_return(tree, part, note)
    if note.startswith(("as the first line of", "as the last line of")):
        return _as_line(tree, part, note)
    found = re.fullmatch(r"(\w+) = (.+)", part, re.DOTALL)
    if found and _keyword(tree, found[1], found[2]):
        return ast.unparse(ast.fix_missing_locations(tree))
    try:
        node = ast.parse(part).body[0]
    except SyntaxError:
        return None
    if isinstance(node, ast.FunctionDef):
        return _method(tree, node)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Subscript | ast.Attribute):
        return _call(tree, node.value, note)
    return _statement(tree, node, note)


def _keyword(tree, name, value):
    """Change an argument of the last call that has it; a name of the program's own is no argument."""
    assigned = {ast.unparse(t) for n in ast.walk(tree) if isinstance(n, ast.Assign) for t in n.targets}
    words = [
        word for node in ast.walk(tree) if isinstance(node, ast.Call) for word in node.keywords if word.arg == name
    ]
    if words and name not in assigned:
        for word in words if name == "padding" else words[-1:]:
            word.value = ast.parse(value, mode="eval").body
        return True
    places = {
        **dict.fromkeys(("loss", "metrics", "optimizer"), "compile"),
        **dict.fromkeys(("validation_split", "class_weight", "epochs", "batch_size", "callbacks"), "fit examine"),
        "num_classes": "to_categorical", "learning_rate": "Adam SGD", "rate": "Dropout", "use_bias": "Dense Conv2D",
        "activation": "Dense", "units": "Dense", "padding": "Conv2D MaxPooling2D", "strides": "Conv2D MaxPooling2D",
        "kernel_regularizer": "Dense Conv2D", "directory": "image_dataset_from_directory", "monitor": "EarlyStopping",
        "filters": "Conv2D", "weights": "MobileNetV2", "learning": "", "class_names": "image_dataset_from_directory",
    }  # fmt: skip
    if name in assigned or name not in places:
        return _renamed(tree, name, value)
    calls = [n for n in _calls(tree) if _name(n) in places[name].split()]
    if not calls:
        return _renamed(tree, name, value)
    call = calls[-1]
    position = {"optimizer": 0, "loss": 1, "num_classes": 1, "rate": 0, "directory": 0}.get(name)
    new = ast.parse(value, mode="eval").body
    if position is not None and position < len(call.args):
        call.args[position] = new
    else:
        _drop_old(call, name)
        call.keywords.append(ast.keyword(name, new))
    return True


# Arguments that a fix takes the place of under another name.
_OLD = {"padding": "border_mode", "strides": "subsample", "kernel_regularizer": "W_regularizer", "learning_rate": "lr",
        "epochs": "nb_epoch epoch", "units": "output_dim", "rate": "p", "activation": "activaton"}  # fmt: skip


def _drop_old(call, name):
    call.keywords = [word for word in call.keywords if word.arg not in _OLD.get(name, "").split()]


def _renamed(tree, name, value):
    for call in _calls(tree):
        for word in call.keywords:
            if word.arg in _OLD.get(name, "").split():
                word.arg, word.value = name, ast.parse(value, mode="eval").body
                return True
    return False


def _calls(tree):
    return sorted((n for n in ast.walk(tree) if isinstance(n, ast.Call)), key=lambda n: (n.lineno, n.col_offset))


def _name(call):
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _call(tree, new, note):
    """Put a call in the place of one of the same function, or where such calls go."""
    if found := re.match(r"in place of (.+)$", note):
        wanted = _parsed(found[1])
        for node in ast.walk(tree):
            for field, value in ast.iter_fields(node):
                for number, item in enumerate(value if isinstance(value, list) else [value]):
                    if wanted and isinstance(item, ast.expr) and ast.dump(item) == ast.dump(wanted):
                        if isinstance(value, list):
                            value[number] = new
                        else:
                            setattr(node, field, new)
                        return ast.unparse(ast.fix_missing_locations(tree))
    name = _name(new) if isinstance(new, ast.Call) else ""
    if found := re.match(r"(.+\)) means", note):
        for old in _calls(tree):
            if ast.unparse(old).endswith(found[1]):
                old.args, old.keywords = new.args, new.keywords
        return ast.unparse(ast.fix_missing_locations(tree))
    looks = [n for n in _calls(tree) if _name(n) == "examine"]
    if name == "fit" and looks and not any(_name(n) == "fit" for n in _calls(tree)):
        looks[-1].args = [looks[-1].args[0], *new.args]
        looks[-1].keywords = [word for word in new.keywords if word.arg != "verbose"]
        return ast.unparse(ast.fix_missing_locations(tree))
    quoted = re.search(r'"(\w+)"', note)
    # `keras.layers.Flatten` is the class of `keras.layers.Flatten()`: brackets were forgotten.
    bare = [n for n in ast.walk(tree) if isinstance(n, ast.List) for e in n.elts if isinstance(n, ast.List)
            and isinstance(e, ast.Attribute) and isinstance(new, ast.Call)
            and ast.dump(e) == ast.dump(new.func)]  # fmt: skip
    if bare:
        items = bare[0]
        items.elts = [new if ast.dump(e) == ast.dump(new.func) else e for e in items.elts]
        return ast.unparse(ast.fix_missing_locations(tree))
    if note.startswith("without"):
        return _statement(tree, ast.Expr(new), note)
    if "in place of" in note or "before the" in note or "behind it" in note or "before " in note[:8]:
        placed = _among_layers(tree, new, note)
        if placed:
            return placed
    calls = [n for n in _calls(tree) if _name(n) == name]
    if calls and isinstance(new, ast.Call) and ast.unparse(new.func).startswith("keras.ops."):
        for old in calls:
            old.func, old.args, old.keywords = new.func, new.args, new.keywords
        return ast.unparse(ast.fix_missing_locations(tree))
    if quoted and (layer := [n for n in calls if any(isinstance(w.value, ast.Constant) and w.value.value == quoted[1]
                                                     for w in n.keywords)]):  # fmt: skip
        calls = layer
    elif quoted and (number := re.search(r"_(\d+)$", quoted[1])):
        calls = calls[int(number[1]) : int(number[1]) + 1] or calls
    elif quoted and calls:
        calls = calls[:1]
    if calls and name not in ("print", "unique"):
        old = calls[-1]
        if name in ("Dense", "Conv2D", "Input", "LSTM", "Embedding", "Dropout", "compile", "fit", "EarlyStopping",
                    "ModelCheckpoint", "load_model", "BatchNormalization", "Adam", "SGD", "Model", "save", "Flatten",
                    "ReduceLROnPlateau", "load_weights", "sumary",
                    "image_dataset_from_directory"):  # fmt: skip
            old.func, old.args, old.keywords = new.func, new.args, new.keywords
            return ast.unparse(ast.fix_missing_locations(tree))
    if name in ("Input",):
        return _among_layers(tree, new, "first entry")
    return _statement(tree, ast.Expr(new), note)


def _parsed(text):
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError:
        return None


def _among_layers(tree, new, note):
    """Put a layer into the list of a Sequential."""
    lists = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and _name(n) == "Sequential" and n.args]
    if not lists or not isinstance(lists[-1].args[0], ast.List):
        return None
    items = lists[-1].args[0].elts
    kinds = [_name(item) if isinstance(item, ast.Call) else "" for item in items]
    if "first entry" in note:
        items.insert(0, new)
    elif "place of Flatten" in note and "Flatten" in kinds:
        items[kinds.index("Flatten")] = new
    elif _name(new) in kinds:
        items.insert(len(items) - 1, items.pop(kinds.index(_name(new))))
    elif "before the last" in note or "before the output" in note:
        items.insert(len(items) - 1, new)
    elif "first layer" in note:
        items.insert(1 if kinds[0] == "Input" else 0, new)
    else:
        return None
    return ast.unparse(ast.fix_missing_locations(tree))


def _statement(tree, node, note=""):
    """Put a statement before the first that trains or looks, or in the place of one that assigns or calls the same."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        same = [s for s in tree.body if isinstance(s, ast.Expr | ast.Assign) and isinstance(s.value, ast.Call)
                and ast.unparse(s.value.func) == ast.unparse(node.value.func)]  # fmt: skip
        if same:
            statement = same[-1]
            statement.value = node.value
            if note.startswith("without"):
                tree.body[tree.body.index(statement)] = node
            return ast.unparse(ast.fix_missing_locations(tree))
    if isinstance(node, ast.Import):
        tree.body.insert(0, node)
        return ast.unparse(ast.fix_missing_locations(tree))
    if isinstance(node, ast.ClassDef):
        last = max(i for i, s in enumerate(tree.body) if isinstance(s, ast.Import | ast.ImportFrom))
        tree.body.insert(last + 1, node)
        return ast.unparse(ast.fix_missing_locations(tree))
    if isinstance(node, ast.ImportFrom):
        of_keras = ("keras", "tensorflow")
        kept = [s for s in tree.body if not (isinstance(s, ast.ImportFrom) and s.module.split(".")[0] in of_keras)]
        tree.body = [node, *kept]
        return ast.unparse(ast.fix_missing_locations(tree))
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple) and isinstance(node.value, ast.Call):
        given = [ast.unparse(argument) for argument in node.value.args]
        for s in ast.walk(tree):
            if isinstance(s, ast.Assign) and isinstance(s.targets[0], ast.Tuple) and ast.unparse(s.value) in given:
                s.targets, s.value = node.targets, node.value
                return ast.unparse(ast.fix_missing_locations(tree))
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
        target, function = ast.unparse(node.targets[0]), _innermost(node.value)
        # Of several the one that is most like it, which may stand in a method.
        same = [
            s
            for s in ast.walk(tree)
            if isinstance(s, ast.Assign)
            and isinstance(s.value, ast.Call)
            and ast.unparse(s.targets[0]) == target
            and (_innermost(s.value) == function or target.startswith("self."))
        ]
        if same:
            new = ast.unparse(node)
            like = max(same, key=lambda s: SequenceMatcher(None, ast.unparse(s), new).ratio())
            like.value = node.value
            return ast.unparse(ast.fix_missing_locations(tree))
    if note == "in place of both":
        tree.body = [s for s in tree.body if "shuffle(" not in ast.unparse(s)]
    last = tree.body[-1]
    both = isinstance(node, ast.Assign) and isinstance(last, ast.Assign)
    if both and ast.unparse(last.targets[0]) == ast.unparse(node.targets[0]) and not _looks(last):
        tree.body[-1] = node
        return ast.unparse(ast.fix_missing_locations(tree))
    wanted = (("image_dataset_from_directory",),) if note == "before the data set is made" else _LAST
    for names in wanted:
        for number, statement in enumerate(tree.body):
            calls = [n for n in ast.walk(statement) if isinstance(n, ast.Call) and _name(n) in names]
            if calls and not isinstance(statement, ast.FunctionDef | ast.ClassDef) and _known(tree.body[:number], node):
                tree.body.insert(number, node)
                return ast.unparse(ast.fix_missing_locations(tree))
    tree.body.insert(len(tree.body) - 1, node)
    return ast.unparse(ast.fix_missing_locations(tree))


def _innermost(call):
    """Name what is called first: the layer of Dense(1)(h)."""
    while isinstance(call.func, ast.Call):
        call = call.func
    return ast.unparse(call.func)


def _looks(statement):
    return any(isinstance(n, ast.Call) and _name(n) in _LAST[0] for n in ast.walk(statement))


def _known(before, node):
    """Whether the names that a statement changes have been given before."""
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
        return True
    used = {n.id for n in ast.walk(node.value) if isinstance(n, ast.Name)} & {node.targets[0].id}
    given = {n.id for s in before for n in ast.walk(s) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return used <= given


def _function(tree, name, owner=""):
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name == owner:
            return next((f for f in node.body if isinstance(f, ast.FunctionDef) and f.name == name), None)
        if not owner and isinstance(node, ast.FunctionDef) and node.name == name:
            return node
    return None


def _as_return(tree, part, note):
    found = re.search(r"last line of (\w+)", note)
    function = _function(tree, found[1] if found else "__len__")
    if function is None:
        return None
    line = ast.parse(f"def f():\n    {part}").body[0].body[0]
    function.body = [*(s for s in function.body if not isinstance(s, ast.Return)), line]
    return ast.unparse(ast.fix_missing_locations(tree))


def _as_line(tree, part, note):
    found = re.search(r"(first|last) line of (\w+)(?: of (\w+))?", note)
    function = _function(tree, found[2], found[3] or "") if found else None
    if function is None:
        return None
    line = ast.parse(part).body[0]
    if found[1] == "first":
        function.body.insert(0, line)
        return ast.unparse(ast.fix_missing_locations(tree))
    elsewhere = re.search(r"no longer in (\w+)", note)
    if elsewhere and (other := _function(tree, elsewhere[1], found[3] or "")):
        other.body = [statement for statement in other.body if ast.dump(statement) != ast.dump(line)]
        for node in ast.walk(other):
            if isinstance(node, ast.Call) and ast.dump(node.func) == ast.dump(line.value):
                node.func = ast.parse(part.partition(" = ")[0], mode="eval").body
    function.body.append(line)
    return ast.unparse(ast.fix_missing_locations(tree))


def _method(tree, node):
    """Put a method into the class that has one of that name, or the last class."""
    classes = [n for n in ast.walk(tree) if isinstance(n, ast.ClassDef)]
    for cls in classes:
        for old in cls.body:
            if isinstance(old, ast.FunctionDef) and old.name == node.name:
                kept = [s for s in old.body if not (isinstance(s, ast.Expr) and "super()" in ast.unparse(s))]
                old.args, old.body = node.args, node.body + kept
                return ast.unparse(ast.fix_missing_locations(tree))
    if classes:
        classes[-1].body.append(node)
        return ast.unparse(ast.fix_missing_locations(tree))
    return None
