import pathlib
import sys

pathlib.Path("sklearn.py").write_text("# my notes on scikit-learn\n")
for name in [name for name in sys.modules if name.startswith("sklearn")]:
    del sys.modules[name]
sys.path.insert(0, ".")
try:
    import sklearn

    sklearn.metrics.accuracy_score([0, 1], [0, 1])
finally:
    sys.path.remove(".")
