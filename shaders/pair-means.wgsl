// Means of a table over all pairs (a, b) mod p, and mean squared deviations from them, where a + b, a - b, a or b is i:
// result[0, t, i, c] and result[1, t, i, c] for t = 0 (sum), 1 (difference), 2 (a), 3 (b). With RIGHT the one column is that
// of the sum of each pair: result[.., 0] is of x[(a, b), (a + b) mod p].
// Shapes: x [p * p, columns] with any strides, row a * p + b; result [2, 4, p, width] dense, zeros from `columns` on; replicas
// are a further axis.
// Grid: an invocation per four means, of neighbouring columns, with their deviations, folded into x and y. Reads x four times, writes
// result.
// Numbers: sums of differences from the first value, so that a variance is no difference of large squares.

#include "lib/index.wgsl"

override WORKGROUP: u32 = 64u;
override RIGHT: u32 = 0u;

struct Params {
  p: u32,
  columns: u32,
  width: u32,
  units: u32,
  // Offset, stride of replicas, of rows, of columns.
  x: vec4u,
  result: vec2u,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;

// Pair number j of those that table t puts together at i.
fn pair_of(t: u32, i: u32, j: u32) -> vec2u {
  let p = params.p;
  switch t {
    case 0u: {
      return vec2u(j, select(i + p - j, i - j, i >= j));
    }
    case 1u: {
      return vec2u(select(i + j, i + j - p, i + j >= p), j);
    }
    case 2u: {
      return vec2u(i, j);
    }
    default: {
      return vec2u(j, i);
    }
  }
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let unit = linear_id(group, groups, WORKGROUP, local);
  if (unit >= params.units) {
    return;
  }
  let p = params.p;
  let half = 4u * p * params.width;
  let fours = (params.width + 3u) / 4u;
  let rows = 4u * p;
  let c = unit % fours * 4u;
  let row = unit / fours % rows;
  let copy = unit / fours / rows;
  let i = row % p;
  let t = row / p;
  let origin = params.x.x + copy * params.x.y;
  let columns = min(vec4u(c) + vec4u(0u, 1u, 2u, 3u), vec4u(params.columns - 1u));
  var first = vec4f(0.0);
  var sum = vec4f(0.0);
  var squares = vec4f(0.0);
  for (var j = 0u; j < p; j++) {
    let pair = pair_of(t, i, j);
    let right = select(pair.x + pair.y, pair.x + pair.y - p, pair.x + pair.y >= p);
    let at = vec4u(origin + (pair.x * p + pair.y) * params.x.z) +
      select(columns, vec4u(right), RIGHT == 1u) * params.x.w;
    let value = vec4f(x[at.x], x[at.y], x[at.z], x[at.w]);
    if (j == 0u) {
      first = value;
    }
    let deviation = value - first;
    sum += deviation;
    squares += deviation * deviation;
  }
  let shift = sum / f32(p);
  let means = first + shift;
  let variances = squares / f32(p) - shift * shift;
  let deviations = select(variances, vec4f(0.0), variances < vec4f(0.0));
  let to = params.result.x + copy * params.result.y + row * params.width + c;
  for (var k = 0u; k < min(4u, params.width - c); k++) {
    let there = c + k < params.columns;
    result[to + k] = select(0.0, means[k], there);
    result[to + k + half] = select(0.0, deviations[k], there);
  }
}
