// What cross-entropy needs of a row: margins l_j - l_y of the wrong classes over the label's logit.
// The label counts as -1e30 and is never subtracted from a sum. Labels at or above `columns` count
// as the last class.
#include "lib/exp.wgsl"
#include "lib/rows/sum.wgsl"

const NO_LOSS: f32 = 0x1.fffffep+127;

struct Row {
  start: u32,
  label: u32,
  // Logit of the label.
  right: f32,
}

fn find_row(row: u32) -> Row {
  let start = row_start(params.logitsLayout, row, params.stride);
  let label = min(labels[row_start(params.labelsLayout, row, 1u)], params.columns - 1u);
  let at = start + label;
  return Row(start, label, logits[at / 4u][at % 4u]);
}

// Columns of vec4 i that are wrong classes of the row.
fn wrong_columns(row: Row, columns: vec4u) -> vec4<bool> {
  return (columns < vec4u(params.columns)) & (columns != vec4u(row.label));
}

// max over j != y of l_j - l_y; NO_LOSS or more of a row that has none: where a logit is NaN, a wrong class's +infinity or the
// label's any infinity.
fn largest_margin(row: Row, lane: u32, local: u32) -> f32 {
  let end = row.start + params.columns;
  var most = vec4f(select(NO_LOSS, LOWEST, is_finite_bits(row.right)));
  for (var i = row.start / 4u + lane; 4u * i < end; i += TEAM) {
    let wrong = wrong_columns(row, columns_of(i, row.start));
    let margins = select(logits[i] - row.right, vec4f(NO_LOSS), are_nan(logits[i]));
    most = max(most, select(vec4f(LOWEST), margins, wrong));
  }
  return team_max(max(max(most.x, most.y), max(most.z, most.w)), local);
}

// sum over j != y of exp(l_j - l_y - shift).
fn wrong_mass(row: Row, shift: f32, lane: u32, local: u32) -> f32 {
  let end = row.start + params.columns;
  var sum = empty_sum();
  for (var i = row.start / 4u + lane; 4u * i < end; i += TEAM) {
    let wrong = wrong_columns(row, columns_of(i, row.start));
    let mass = exp_exact((logits[i] - row.right) - shift);
    sum = add_to(sum, select(vec4f(0.0), mass, wrong));
  }
  return team_sum(total_of(sum), local);
}
