/** Losses and accuracies of tables of logits over the pairs, labelled a + b. */

/** −ln softmax(row)_label, from the margins of the others, so that a loss of 1e-8 keeps its digits. */
function lossOf(row: ArrayLike<number>, label: number): number {
  const margins = Array.from(row, (logit) => logit - row[label]);
  const most = Math.max(0, ...margins);
  let others = 0;
  margins.forEach((margin, c) => {
    if (c !== label) others += Math.exp(margin - most);
  });
  // ln(e^−most + others) + most; where nothing leads it is ln(1 + others).
  return most + Math.log1p(others + Math.expm1(-most));
}

/** Mean cross-entropy in nats over rows a·p + b of logits [p², C]. */
export function lossOver(
  logits: ArrayLike<number>,
  p: number,
  classes: number,
  rows: ArrayLike<number>,
): number {
  let sum = 0;
  eachRow(logits, p, classes, rows, (row, label) => (sum += lossOf(row, label)));
  return sum / rows.length;
}

/** Share of the rows whose right logit is above all others. */
export function accuracyOver(
  logits: ArrayLike<number>,
  p: number,
  classes: number,
  rows: ArrayLike<number>,
): number {
  let right = 0;
  eachRow(logits, p, classes, rows, (row, label) => {
    if (row.every((logit, c) => c === label || logit < row[label])) right++;
  });
  return right / rows.length;
}

function eachRow(
  logits: ArrayLike<number>,
  p: number,
  classes: number,
  rows: ArrayLike<number>,
  visit: (row: Float64Array, label: number) => void,
): void {
  for (let n = 0; n < rows.length; n++) {
    const row = rows[n];
    const own = Float64Array.from({ length: classes }, (_, c) => logits[row * classes + c]);
    visit(own, (Math.floor(row / p) + (row % p)) % p);
  }
}
