// What the kernels for keys and values read of the queries' softmax, written by the kernel for the
// queries.
@group(0) @binding(6) var<storage, read> statistics: array<f32>;

struct Statistics {
  peak: vec4f,
  // 1 / sum of exp(score - peak).
  inverse: vec4f,
  // Sum over the keys of p dp.
  delta: vec4f,
}

fn statistics_of(place: Place) -> u32 {
  let head = place.example * params.heads + place.head;
  return params.statisticsLayout.x + place.replica * params.statisticsLayout.y +
    4u * head * params.queries;
}

// Of queries i … i + 3; those past the last one repeat it.
fn load_statistics(origin: u32, i: u32) -> Statistics {
  let at = vec4u(origin) + 4u * min(vec4u(i) + vec4u(0u, 1u, 2u, 3u), vec4u(params.queries - 1u));
  return Statistics(
    vec4f(statistics[at.x], statistics[at.y], statistics[at.z], statistics[at.w]),
    vec4f(
      statistics[at.x + 1u], statistics[at.y + 1u], statistics[at.z + 1u], statistics[at.w + 1u],
    ),
    vec4f(
      statistics[at.x + 2u], statistics[at.y + 2u], statistics[at.z + 2u], statistics[at.w + 2u],
    ),
  );
}

// What queries i … i + 3 give key j, from their scores before the scale; 0 where a query does not
// see it or is none.
fn key_probabilities(scores: vec4f, rows: Statistics, i: u32, j: u32) -> vec4f {
  let number = vec4u(i) + vec4u(0u, 1u, 2u, 3u);
  let seen = (number < vec4u(params.queries)) & (vec4u(j) <= number + vec4u(params.shift));
  return select(vec4f(0.0), exp_exact(scores * params.scale - rows.peak) * rows.inverse, seen);
}
