"""What the functions of ``keras.backend`` have become, written with what the user gave them."""

from __future__ import annotations

import ast
import copy
import inspect
import re

from .._subject._failure import Failure
from .._subject._program import called, in_line, nodes_of

# How a function was called, and what does the same; the first that fits counts. A keyword that would say None is left
# out. What isn't here and has a namesake in keras.ops takes the same arguments there.
_TODAY = (
    ("argmax(x, axis=-1)", "keras.ops.argmax(x, axis=axis)"),
    ("argmin(x, axis=-1)", "keras.ops.argmin(x, axis=axis)"),
    ("batch_dot(x, y)", "keras.ops.matmul(x, y)"),
    ("batch_dot(x, y, axes)", "keras.layers.Dot(axes)([x, y])"),
    ("batch_flatten(x)", "keras.layers.Flatten()(x)"),
    ("batch_get_value(tensors)", "[keras.ops.convert_to_numpy(each) for each in tensors]"),
    ("batch_normalization(x, mean, var, beta, gamma, axis=-1, epsilon=0.001)",
     "keras.ops.batch_normalization(x, mean, var, axis, offset=beta, scale=gamma, epsilon=epsilon)"),
    ("batch_set_value(tuples)", "[variable.assign(value) for variable, value in tuples]"),
    ("bias_add(x, bias, data_format=None)", "keras.ops.add(x, bias)"),
    ("cast_to_floatx(x)", "keras.ops.cast(x, keras.config.floatx())"),
    ("concatenate(tensors, axis=-1)", "keras.ops.concatenate(tensors, axis=axis)"),
    ("constant(value, dtype=None)", "keras.ops.convert_to_tensor(value, dtype=dtype)"),
    ("constant(value, dtype=None, shape=None, name=None)", "keras.ops.full(shape, value, dtype=dtype)"),
    ("conv1d(x, kernel, strides=1, padding='valid', data_format=None, dilation_rate=1)",
     "keras.ops.conv(x, kernel, strides, padding, dilation_rate=dilation_rate)"),
    ("conv2d(x, kernel, strides=1, padding='valid', data_format=None, dilation_rate=1)",
     "keras.ops.conv(x, kernel, strides, padding, dilation_rate=dilation_rate)"),
    ("count_params(x)", "int(keras.ops.size(x))"),
    ("ctc_batch_cost(y_true, y_pred, input_length, label_length)",
     "keras.ops.ctc_loss(y_true, keras.ops.log(y_pred + 1e-7), label_length[:, 0], input_length[:, 0], "
     "mask_index=y_pred.shape[-1] - 1)[:, None]"),
    ("cumprod(x, axis=0)", "keras.ops.cumprod(x, axis=axis)"),
    ("cumsum(x, axis=0)", "keras.ops.cumsum(x, axis=axis)"),
    ("dot(x, y)", "keras.ops.matmul(x, y)"),
    ("dropout(x, level, noise_shape=None, seed=None)",
     "keras.random.dropout(x, level, noise_shape=noise_shape, seed=seed)"),
    ("eval(x)", "keras.ops.convert_to_numpy(x)"),
    ("expand_dims(x, axis=-1)", "keras.ops.expand_dims(x, axis)"),
    ("flatten(x)", "keras.ops.reshape(x, (-1,))"),
    ("function(inputs, outputs, updates=None)", "keras.Model(inputs, outputs)"),
    ("gather(reference, indices)", "keras.ops.take(reference, indices, axis=0)"),
    ("get_value(x)", "keras.ops.convert_to_numpy(x)"),
    ("gradients(loss, variables)", "tape.gradient(loss, variables)"),
    ("image_dim_ordering()", "keras.config.image_data_format()"),
    ("in_top_k(predictions, targets, k)", "keras.ops.in_top_k(targets, predictions, k)"),
    ("int_shape(x)", "tuple(x.shape)"),
    ("l2_normalize(x)", "x / keras.ops.sqrt(keras.ops.sum(keras.ops.square(x)))"),
    ("l2_normalize(x, axis)", "keras.ops.normalize(x, axis=axis)"),
    ("map_fn(fn, elems, name=None, dtype=None)", "keras.ops.map(fn, elems)"),
    ("moving_average_update(x, value, momentum)", "x.assign(x * momentum + value * (1 - momentum))"),
    ("ndim(x)", "len(x.shape)"),
    ("permute_dimensions(x, pattern)", "keras.ops.transpose(x, pattern)"),
    ("placeholder(shape, ndim=None, dtype=None, sparse=False, name=None)",
     "keras.Input(batch_shape=shape, dtype=dtype)"),
    ("placeholder(*, ndim, dtype=None, name=None)", "keras.Input(batch_shape=[None] * ndim, dtype=dtype)"),
    ("pow(x, a)", "keras.ops.power(x, a)"),
    ("print_tensor(x, message='')", "print(message, x)"),
    ("random_bernoulli(shape, p=0.0, dtype=None, seed=None)", "keras.random.binomial(shape, 1, p, seed=seed)"),
    ("random_normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None)",
     "keras.random.normal(shape, mean, stddev, seed=seed)"),
    ("random_normal_variable(shape, mean, scale)", "keras.Variable(keras.random.normal(shape, mean, scale))"),
    ("random_uniform(shape, minval=0.0, maxval=1.0, dtype=None, seed=None)",
     "keras.random.uniform(shape, minval, maxval, seed=seed)"),
    ("random_uniform_variable(shape, low, high)", "keras.Variable(keras.random.uniform(shape, low, high))"),
    ("relu(x)", "keras.ops.relu(x)"),
    ("relu(x, alpha=0.0, max_value=None, threshold=0.0)",
     "keras.activations.relu(x, negative_slope=alpha, max_value=max_value, threshold=threshold)"),
    ("repeat(x, n)", "keras.layers.RepeatVector(n)(x)"),
    ("repeat_elements(x, rep, axis)", "keras.ops.repeat(x, rep, axis=axis)"),
    ("resize_images(x, height_factor, width_factor, data_format=None, interpolation='nearest')",
     "keras.layers.UpSampling2D((height_factor, width_factor), interpolation=interpolation)(x)"),
    ("reverse(x, axes)", "keras.ops.flip(x, axis=axes)"),
    ("set_image_dim_ordering(dim_ordering)", "keras.config.set_image_data_format('channels_last')"),
    ("set_value(x, value)", "x.assign(value)"),
    ("spatial_2d_padding(x, padding=((1, 1), (1, 1)), data_format=None)", "keras.layers.ZeroPadding2D(padding)(x)"),
    ("switch(condition, then_expression, else_expression)",
     "keras.ops.where(condition, then_expression, else_expression)"),
    ("temporal_padding(x, padding=(1, 1))", "keras.layers.ZeroPadding1D(padding)(x)"),
    ("truncated_normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None)",
     "keras.random.truncated_normal(shape, mean, stddev, seed=seed)"),
    ("update(x, new_x)", "x.assign(new_x)"),
    ("update_add(x, increment)", "x.assign_add(increment)"),
    ("update_sub(x, decrement)", "x.assign_sub(decrement)"),
    ("variable(value, dtype=None, name=None, constraint=None)", "keras.Variable(value, dtype=dtype, name=name)"),
)  # fmt: skip
# What had to do with sessions and graphs, of which there are none any more.
_GONE = {
    "get_session": "# leave it out: there are no sessions any more",
    "set_session": "# leave it out: there are no sessions any more",
    "manual_variable_initialization": "# leave it out: variables have their values from the start",
    "learning_phase": "model(x, training=True)  # the call says it, or fit and predict do",
    "set_learning_phase": "# leave it out, and say it where the model is called: model(x, training=False)",
    "in_train_phase": "a if training else b  # in call(self, inputs, training=False)",
}
# What the new line alone does not say.
_NOTES = {
    "gradients": "  # with tf.GradientTape() as tape: around the loss",
    "function": "  # leave out the [0] behind its call",  # one output is no longer given in a list
}


def today(name: str, failure: Failure) -> str:
    """Write the user's line without the functions of ``keras.backend``; "" where this one is not known."""
    import keras

    if name in _GONE:
        return _GONE[name]
    call = _call_of(name, failure)
    if call is None:
        forms = [new for form, new in _TODAY if form.partition("(")[0] == name]
        return forms[0] if forms else f"keras.ops.{name}(x)" if hasattr(keras.ops, name) else ""
    if _rewritten(call) is None:
        return ""
    owner = ast.unparse(call.func.value) if isinstance(call.func, ast.Attribute) else ""
    simple = (ast.Assign, ast.AugAssign, ast.Return, ast.Expr)
    lines = (node for scope in failure.program.scopes for node in nodes_of(scope) if isinstance(node, simple))
    line = next((line for line in lines if any(node is call for node in ast.walk(line))), call)
    written = in_line(_Today(name, owner).visit(copy.deepcopy(line)))
    written = re.sub(
        r"\boptimizer\.lr\b", "optimizer.learning_rate", re.sub(r"\[(\w+)\.input\]", r"\1.inputs", written)
    )
    return written + _NOTES.get(name, "")


def _call_of(name: str, failure: Failure) -> ast.Call | None:
    """Find the user's call of a function of the backend, or of one that could not be imported from it."""
    for call in failure.program.calls(name):
        owner = failure.program.value_of(ast.unparse(call.func.value)) if isinstance(call.func, ast.Attribute) else None
        if getattr(owner, "__name__", "").endswith("backend") or (owner is None and failure.raised("ImportError")):
            return call
    return None


class _Today(ast.NodeTransformer):
    """Writes calls of one function, or of all that belong to an owner, such as ``K``, as they are today."""

    def __init__(self, name: str, owner: str):
        self.name, self.owner = name, owner

    def visit_Call(self, node: ast.Call) -> ast.expr:  # as ast looks for it
        self.generic_visit(node)
        if self.owner:
            is_old = isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == self.owner
        else:
            is_old = called(node) == self.name
        return (_rewritten(node) if is_old else None) or node


def _rewritten(call: ast.Call) -> ast.expr | None:
    """Write a call of a function of the old backend as it is today; None where that is not known."""
    import keras

    name = called(call)
    for form, new in _TODAY:
        if form.partition("(")[0] == name and (given := _given(form, call)) is not None:
            return _In(given).visit(_expression(new))
    operation = None if hasattr(keras.backend, name) else getattr(keras.ops, name, None)
    if operation is None:
        return None
    # Keywords that the operation does not know go by their order.
    known = inspect.signature(operation).parameters
    unknown = [word.value for word in call.keywords if word.arg and word.arg not in known]
    words = [word for word in call.keywords if word.arg is None or word.arg in known]
    return ast.Call(_expression(f"keras.ops.{name}"), [*call.args, *unknown], words)


def _given(form: str, call: ast.Call) -> dict[str, ast.expr] | None:
    """Say what each parameter of a function stands for in a call; None where the call does not fit."""
    if any(isinstance(value, ast.Starred) for value in call.args) or any(word.arg is None for word in call.keywords):
        return None
    function = ast.parse(f"def {form}: ...").body[0]
    assert isinstance(function, ast.FunctionDef)
    of = function.args
    needed = [None] * (len(of.args) - len(of.defaults))
    signature = inspect.Signature(
        [
            inspect.Parameter(name.arg, kind, default=inspect.Parameter.empty if default is None else default)
            for kind, names, defaults in (
                (inspect.Parameter.POSITIONAL_OR_KEYWORD, of.args, [*needed, *of.defaults]),
                (inspect.Parameter.KEYWORD_ONLY, of.kwonlyargs, of.kw_defaults),
            )
            for name, default in zip(names, defaults, strict=True)
        ]
    )
    try:
        bound = signature.bind(*call.args, **{str(word.arg): word.value for word in call.keywords})
    except TypeError:
        return None
    bound.apply_defaults()
    return bound.arguments


def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


class _In(ast.NodeTransformer):
    """Puts what parameters stand for in their places."""

    def __init__(self, given: dict[str, ast.expr]):
        self.given = given

    def visit_Name(self, node: ast.Name) -> ast.expr:  # as ast looks for it
        return self.given.get(node.id, node)

    def visit_Call(self, node: ast.Call) -> ast.expr:  # as ast looks for it
        self.generic_visit(node)
        node.keywords = [word for word in node.keywords if ast.unparse(word.value) != "None"]
        return node
