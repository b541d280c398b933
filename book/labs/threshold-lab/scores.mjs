// What a threshold makes of scores, number for number as scikit-learn computes it.

/** The thresholds that are tried: `steps` + 1 from the lowest score to the highest; from 0 to 1 where scores are probabilities. */
export function grid({ score }, steps) {
  const [low, high] = span(score);
  return Float64Array.from({ length: steps + 1 }, (_, k) => low + ((high - low) * k) / steps);
}

export function span(score) {
  const low = score.reduce((a, b) => Math.min(a, b), Infinity), high = score.reduce((a, b) => Math.max(a, b), -Infinity);
  return low >= 0 && high <= 1 ? [0, 1] : [low, high];
}

/** For each score the highest threshold that it reaches. */
export function reached({ score }, thresholds) {
  const last = thresholds.length - 1, [low, high] = [thresholds[0], thresholds[last]];
  return Int32Array.from(score, (one) => {
    let k = Math.max(0, Math.min(last, Math.floor(((one - low) / (high - low || 1)) * last)));
    // Rounding may miss by one.
    while (k < last && thresholds[k + 1] <= one) k++;
    while (k > 0 && thresholds[k] > one) k--;
    return k;
  });
}

/** Count, for every threshold, the positives and the negatives of a part that reach it: { tp, fp, positives, negatives }. */
export function counts(label, reach, part, n) {
  const tp = new Int32Array(n), fp = new Int32Array(n);
  for (const i of part) (label[i] ? tp : fp)[reach[i]]++;
  for (let k = n - 2; k >= 0; k--) { tp[k] += tp[k + 1]; fp[k] += fp[k + 1]; }
  return { tp, fp, positives: tp[0], negatives: fp[0] };
}

/** The four numbers of a confusion matrix at the k-th threshold, and the shares that are made of them; a share of nothing is 0. */
export function measures({ tp, fp, positives, negatives }, k, price = 1) {
  const [hits, alarms] = [tp[k], fp[k]], misses = positives - hits, passed = negatives - alarms, share = (part, whole) => (whole ? part / whole : 0);
  const n = positives + negatives;
  return {
    hits, alarms, misses, passed,
    accuracy: share(hits + passed, n), precision: share(hits, hits + alarms), recall: share(hits, positives), falseAlarms: share(alarms, negatives),
    f1: share(2 * hits, 2 * hits + alarms + misses), cost: share(price * alarms + misses, n),
  };
}

/**
 * The threshold that serves a goal best on a part, as its place; -1 if none keeps the promise.
 * Of equals it is the lowest, but for a promised recall the highest.
 */
export function best(part, goal, { target, price }) {
  const all = Array.from(part.tp, (_, k) => measures(part, k, price));
  if (goal === "precision") return all.findIndex((one) => one.precision >= target);
  if (goal === "recall") return all.findLastIndex((one) => one.recall >= target);
  const value = (one) => (goal === "cost" ? -one.cost : one[goal]);
  return all.reduce((winner, one, k) => (value(one) > value(all[winner]) ? k : winner), 0);
}

/** The curve behind ROC and precision–recall: from no answer to all, [score, hits, false alarms] for each score that occurs. */
export function curve({ label, score }, part) {
  const order = [...part].sort((a, b) => score[b] - score[a]), points = [[Infinity, 0, 0]];
  let hits = 0, alarms = 0;
  order.forEach((i, at) => {
    if (label[i]) hits++; else alarms++;
    if (at === order.length - 1 || score[order[at + 1]] !== score[i]) points.push([score[i], hits, alarms]);
  });
  return points;
}

/** Area under the ROC curve: how often a positive scores higher than a negative, ties counted half. */
export function area(points) {
  const [, positives, negatives] = points[points.length - 1];
  let sum = 0;
  for (let i = 1; i < points.length; i++) sum += ((points[i][1] + points[i - 1][1]) / 2) * (points[i][2] - points[i - 1][2]);
  return sum / (positives * negatives);
}

/** Average precision: the precision at each score, weighted by the recall that it adds. */
export function averagePrecision(points) {
  const positives = points[points.length - 1][1];
  return points.slice(1).reduce((sum, [, hits, alarms], i) => sum + (hits / (hits + alarms)) * ((hits - points[i][1]) / positives), 0);
}

/** In bins of probabilities, equally wide: [mean score, share of positives, number]; empty bins are left out. */
export function calibration({ label, score }, part, bins = 10) {
  const sums = Array.from({ length: bins }, () => [0, 0, 0]), edges = Array.from({ length: bins - 1 }, (_, i) => (i + 1) * (1 / bins));
  for (const i of part) {
    const at = edges.findIndex((edge) => score[i] <= edge), bin = sums[at < 0 ? bins - 1 : at];
    bin[0] += score[i];
    bin[1] += label[i];
    bin[2]++;
  }
  return sums.filter(([, , n]) => n).map(([claimed, right, n]) => [claimed / n, right / n, n]);
}

/** How far claimed and delivered lie apart, on average over all: the expected calibration error. */
export function calibrationError(bins) {
  const all = bins.reduce((sum, [, , n]) => sum + n, 0);
  return bins.reduce((sum, [claimed, right, n]) => sum + n * Math.abs(claimed - right), 0) / all;
}
