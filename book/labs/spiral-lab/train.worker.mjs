// Trains one network, away from the page. It is told its data and options, then how far to train, and reports as it goes.
import { forward, parameters, scores, training } from "./network.mjs";

const SLICE = 60; // milliseconds between looks at what the page wants
let run = null, target = 0, epoch = 0, task = null, every = 1, mapped = -Infinity, cost = 0;

onmessage = ({ data }) => {
  if (data.begin) {
    task = data.begin;
    run = training(task.train, task.options);
    // A large network is judged less often, for judging takes as long as learning.
    every = parameters(task.options.sizes) > 5000 ? 5 : 1;
    epoch = 0;
    report(null);
  }
  const idle = epoch >= target;
  target = data.until;
  if (idle) work();
};

function work() {
  const began = performance.now();
  while (epoch < target && performance.now() - began < SLICE) {
    const loss = run.epoch();
    epoch++;
    if (epoch % every === 0 || epoch === target) report(loss);
  }
  if (epoch < target) setTimeout(work);
}

function report(loss) {
  const { train, test, grid } = task;
  const accuracy = ({ X, y }) => {
    const made = forward(run.net, X, y.length);
    return scores(made[made.length - 1], y).accuracy;
  };
  const said = { epoch, loss, training: accuracy(train), heldOut: accuracy(test) };
  const now = performance.now();
  // The map of answers is drawn often enough to move, and seldom enough not to slow the training down.
  if (grid && (epoch >= target || now - mapped > 4 * cost + 50)) {
    const made = forward(run.net, grid, grid.length / 2);
    said.map = Float32Array.from(made[made.length - 1]);
    mapped = performance.now();
    cost = mapped - now;
  }
  postMessage(said);
}
