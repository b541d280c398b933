// Trains a network, away from the page, and reports after every slice of time and after every epoch.
import { accuracy, training, weightsOf } from "./network.mjs";

const SLICE = 100; // milliseconds between reports

onmessage = ({ data: { train, heldOut, options } }) => {
  const run = training(train, options);
  let taken = 0, losses = 0;
  work();

  function work() {
    const began = performance.now();
    while (performance.now() - began < SLICE) {
      losses += run.step();
      taken++;
      if (taken % run.batches === 0) {
        const epoch = taken / run.batches;
        postMessage({ epoch, loss: losses / run.batches, accuracy: accuracy(run.net, heldOut.images, heldOut.y), weights: weightsOf(run.net) });
        losses = 0;
        if (epoch === options.epochs) return;
      }
    }
    postMessage({ batch: taken % run.batches, batches: run.batches });
    setTimeout(work);
  }
};
