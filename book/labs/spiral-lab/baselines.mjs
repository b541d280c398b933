// Three simple models that a network is compared with, as scikit-learn has them.
import { optimizer, gradients, forward, scores, network } from "./network.mjs";

/** Share of right answers of the nearest training point, of a full-grown tree and of a logistic regression. */
export function baselines(train, test) {
  return {
    "nearest neighbour": accuracy(nearest(train), test),
    "decision tree": accuracy(tree(train), test),
    "logistic regression": logistic(train, test),
  };
}

function accuracy(predict, { X, y }) {
  let right = 0;
  for (let i = 0; i < y.length; i++) if (predict(X[2 * i], X[2 * i + 1]) === y[i]) right++;
  return right / y.length;
}

function nearest({ X, y }) {
  return (x1, x2) => {
    let best = 0, least = Infinity;
    for (let i = 0; i < y.length; i++) {
      const distance = (X[2 * i] - x1) ** 2 + (X[2 * i + 1] - x2) ** 2;
      if (distance < least) [least, best] = [distance, i];
    }
    return y[best];
  };
}

// CART: cut where the two parts are purest by Gini's measure, until every part has points of one class only.
function tree({ X, y, names }) {
  const grow = (points) => {
    const counts = counted(points);
    const best = { impurity: Infinity };
    if (counts.filter((n) => n).length > 1)
      for (const axis of [0, 1]) {
        const sorted = points.slice().sort((a, b) => X[2 * a + axis] - X[2 * b + axis]);
        const left = new Array(names.length).fill(0), right = counts.slice();
        for (let i = 1; i < sorted.length; i++) {
          left[y[sorted[i - 1]]]++;
          right[y[sorted[i - 1]]]--;
          const [below, above] = [X[2 * sorted[i - 1] + axis], X[2 * sorted[i] + axis]];
          if (below === above) continue;
          const impurity = i * gini(left, i) + (sorted.length - i) * gini(right, sorted.length - i);
          if (impurity < best.impurity) Object.assign(best, { impurity, axis, cut: (below + above) / 2 });
        }
      }
    if (best.cut === undefined) return { answer: counts.indexOf(Math.max(...counts)) };
    const { axis, cut } = best, parts = [[], []];
    for (const i of points) parts[X[2 * i + axis] <= cut ? 0 : 1].push(i);
    return { axis, cut, below: grow(parts[0]), above: grow(parts[1]) };
  };
  const counted = (points) => {
    const counts = new Array(names.length).fill(0);
    for (const i of points) counts[y[i]]++;
    return counts;
  };
  const root = grow(Array.from(y, (_, i) => i));
  return (...x) => {
    let node = root;
    while (node.below) node = x[node.axis] <= node.cut ? node.below : node.above;
    return node.answer;
  };
}

const gini = (counts, n) => 1 - counts.reduce((sum, count) => sum + (count / n) ** 2, 0);

// A network without hidden layers is a logistic regression; the penalty is that of LogisticRegression(C=1).
function logistic(train, test) {
  const spread = [0, 1].map((axis) => Math.sqrt(train.X.reduce((sum, x, i) => (i % 2 === axis ? sum + x * x : sum), 0) / train.y.length) || 1);
  const scaled = ({ X }) => X.map((x, i) => x / spread[i % 2]);
  const net = network([2, train.names.length], "linear", 0), step = optimizer("adam", net), X = scaled(train);
  for (let i = 0; i < 400; i++) step(gradients(net, X, train.y, 0.5 / train.y.length).slopes, 0.05);
  return scores(forward(net, scaled(test), test.y.length)[1], test.y).accuracy;
}
