import pathlib
import sys

pathlib.Path("my_notes.py").write_text(  # changed
    "# my notes on scikit-learn\n"
)
for name in [name for name in sys.modules if name.startswith("sklearn")]:
    del sys.modules[name]
sys.path.insert(0, ".")
try:
    import sklearn.metrics

    sklearn.metrics.accuracy_score([0, 1], [0, 1])
finally:
    sys.path.remove(".")
