// The program that does the same with scikit-learn.
const SCORERS = { accuracy: "accuracy_score", f1: "f1_score", precision: "precision_score", recall: "recall_score" };

/** Write the program for a state of the laboratory; `file` has the answers, `ends` are the lowest and highest threshold. */
export function program({ file, ends: [low, high], steps, goal, target, price, split }) {
  const names = new Set(["average_precision_score", "confusion_matrix", "precision_score", "recall_score", "roc_auc_score", ...(SCORERS[goal] ? [SCORERS[goal]] : [])]);
  const scale = low === 0 && high === 1 ? `np.arange(${steps + 1}) / ${steps}` : `${low} + ${high - low} * np.arange(${steps + 1}) / ${steps}`;
  const measured = goal === "cost"
    ? ["    (_, alarms), (misses, _) = confusion_matrix(label[part], called)", `    return -(${price} * alarms + misses)`]
    : [`    return ${SCORERS[goal]}(label[part], called${goal === "precision" ? ", zero_division=0" : ""})`];
  const chosen = {
    precision: `kept = [t for t in thresholds if measure(t, chosen_on) >= ${target}]\nbest = kept[0]  # the lowest, which finds most`,
    recall: `kept = [t for t in thresholds if measure(t, chosen_on) >= ${target}]\nbest = kept[-1]  # the highest, which is wrong least`,
  }[goal] ?? "best = max(thresholds, key=lambda t: measure(t, chosen_on))";
  return [
    "import numpy as np",
    ...(low === 0 && high === 1 ? ["from sklearn.calibration import calibration_curve"] : []),
    "from sklearn.metrics import (",
    ...[...names].sort().map((name) => `    ${name},`),
    ")",
    "",
    `label, score = np.loadtxt("${file}", delimiter=",", skiprows=1).T`,
    split ? `order = np.random.default_rng(${split}).random(len(label)).argsort()` : "order = np.arange(len(label))",
    "chosen_on, judged_on = order[: len(label) // 2], order[len(label) // 2 :]",
    `thresholds = ${scale}`,
    "",
    "",
    "def measure(threshold, part):",
    "    called = score[part] >= threshold",
    ...measured,
    "",
    "",
    chosen,
    "for part in chosen_on, judged_on:",
    "    called = score[part] >= best",
    "    print(best, confusion_matrix(label[part], called).tolist())",
    "    print(precision_score(label[part], called, zero_division=0))",
    "    print(recall_score(label[part], called))",
    "    print(roc_auc_score(label[part], score[part]))",
    "    print(average_precision_score(label[part], score[part]))",
    ...(low === 0 && high === 1 ? ["    print(calibration_curve(label[part], score[part], n_bins=10))"] : []),
  ].join("\n");
}
