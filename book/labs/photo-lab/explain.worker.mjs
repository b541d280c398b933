// A network at work, away from the page: it answers, makes maps, and covers a photograph cell by cell.
import { run } from "../shared/layers.mjs";
import { CELLS, gradCam, logit, occluder, saliency } from "./explain.mjs";
import { opened, untrained } from "./networks.mjs";

const SLICE = 100; // milliseconds between reports
let net = null, latest = null;

const TASKS = {
  open({ which, stored, seed }) {
    net = opened(which, stored);
    if (seed !== null) net = untrained(net, seed);
  },

  answer: ({ image, round }) => postMessage({ task: "answer", round, logit: logit(net, image) }),

  maps({ image, layer, round }) {
    const made = run(net, image);
    postMessage({ task: "answer", round, logit: made.at(-1).X[0] });
    postMessage({ task: "maps", round, saliency: saliency(net, image, made), cam: gradCam(net, image, layer, made) });
  },

  // By how much the logit falls when each cell is covered.
  occlusion({ image, round }) {
    const fall = occluder(net, image), X = new Float32Array(CELLS * CELLS);
    const begun = {}; // of two with one round, the second is another
    let done = 0;
    const work = () => {
      if (latest !== begun) return;
      const began = performance.now();
      while (done < X.length && performance.now() - began < SLICE) X[done] = fall(done++);
      postMessage({ task: "occlusion", round, done, falls: { rows: CELLS, columns: CELLS, X } });
      if (done < X.length) setTimeout(work);
    };
    latest = begun;
    work();
  },

  stop() {
    latest = null;
  },
};

onmessage = ({ data }) => TASKS[data.task](data);
