// Mean and 1 / sqrt(variance + epsilon) of a row, in two passes: the variance is a sum of squared
// deviations, never a difference of squares. Biased, as in every layer norm.
#include "lib/rows/sum.wgsl"

fn row_mean(start: u32, lane: u32, local: u32) -> f32 {
  let end = start + params.columns;
  var sum = empty_sum();
  for (var i = start / 4u + lane; 4u * i < end; i += TEAM) {
    sum = add_to(sum, select(vec4f(0.0), input[i], columns_of(i, start) < vec4u(params.columns)));
  }
  return team_sum(total_of(sum), local) / f32(params.columns);
}

fn row_inverse_deviation(start: u32, mean: f32, lane: u32, local: u32) -> f32 {
  let end = start + params.columns;
  var sum = empty_sum();
  for (var i = start / 4u + lane; 4u * i < end; i += TEAM) {
    let deviation = input[i] - mean;
    sum = add_to(
      sum,
      select(vec4f(0.0), deviation * deviation, columns_of(i, start) < vec4u(params.columns)),
    );
  }
  return 1.0 / sqrt(team_sum(total_of(sum), local) / f32(params.columns) + params.epsilon);
}
