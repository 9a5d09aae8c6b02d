// Cross-entropies of logits that are sums of functions of a + b, a - b, a and b over pairs mod p, or of logits with such sums taken
// out of them; the right class is (a + b) mod p:
//
//   z_c = sum over t < TABLES of tables[q, t, x_t, c],   x = (a + b, a - b, a, b) mod p
//   loss[q, n] = m + log1p(sum over c != y of exp(z_c - z_y - m) + exp(-m) - 1),  m = max(0, max over c != y of (z_c - z_y))
//
// and with BASE z_c = base[n, c] - that sum. The pair of n is rows[n] = a p + b, or n * step without ROWS.
// Shapes  tables [queries, TABLES, p, width], width a multiple of 4; base [count, classes] with any strides; rows u32 [count];
//         losses [queries, count]; replicas are a further axis.
// Grid    an invocation per loss, n fastest, folded into x and y.
// Reads   rows, base and a row of each table once. Writes losses.
// Numbers as cross-entropy.wgsl, but one pass: masses are scaled down whenever a larger margin comes. Rows out of range are read
//         as the last pair.
#include "lib/exp.wgsl"
#include "lib/index.wgsl"
#include "lib/math.wgsl"

override WORKGROUP: u32 = 64u;
override TABLES: u32 = 1u;
override BASE: u32 = 0u;
override ROWS: u32 = 0u;

const FAR_BELOW: f32 = -1.0e30;

struct Params {
  p: u32,
  classes: u32,
  // Of a row of a table, in groups of four.
  fours: u32,
  count: u32,
  step: u32,
  units: u32,
  queries: u32,
  // Offset and stride of replicas, in groups of four.
  tables: vec2u,
  rows: vec2u,
  // Offset, stride of replicas, of rows, of columns.
  base: vec4u,
  losses: vec2u,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> tables: array<vec4f>;
@group(0) @binding(2) var<storage, read> rows: array<u32>;
@group(0) @binding(3) var<storage, read> base: array<f32>;
@group(0) @binding(4) var<storage, read_write> losses: array<f32>;

// Where the rows of the pair begin in the tables, and the row of the base.
struct Starts {
  tables: vec4u,
  base: u32,
}

// Logits 4i to 4i + 3.
fn logits_at(starts: Starts, i: u32) -> vec4f {
  var sum = tables[starts.tables.x + i];
  if (TABLES > 1u) {
    sum += tables[starts.tables.y + i];
  }
  if (TABLES > 2u) {
    sum += tables[starts.tables.z + i] + tables[starts.tables.w + i];
  }
  if (BASE == 0u) {
    return sum;
  }
  let last = params.classes - 1u;
  let at = vec4u(starts.base) +
    min(vec4u(4u * i) + vec4u(0u, 1u, 2u, 3u), vec4u(last)) * params.base.w;
  return vec4f(base[at.x], base[at.y], base[at.z], base[at.w]) - sum;
}

// ln(1 + x) for any x >= 0; the builtin is within 3 ULP where it is used, above 2.
fn log_of_one_plus(x: f32) -> f32 {
  return select(log(1.0 + max(x, 1.0)), log1p_exact(min(x, 1.0)), x <= 1.0);
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
  let n = unit % params.count;
  let query = unit / params.count % params.queries;
  let copy = unit / params.count / params.queries;
  var pair = n * params.step;
  if (ROWS == 1u) {
    pair = min(rows[params.rows.x + copy * params.rows.y + n], p * p - 1u);
  }
  let a = pair / p;
  let b = pair % p;
  let label = (a + b) % p;
  let x = vec4u(label, (a + p - b) % p, a, b);
  let origin = params.tables.x + copy * params.tables.y + query * TABLES * p * params.fours;
  let starts = Starts(
    vec4u(origin) + (vec4u(0u, 1u, 2u, 3u) * p + x) * params.fours,
    params.base.x + copy * params.base.y + n * params.base.z,
  );
  let right = logits_at(starts, label / 4u)[label % 4u];

  var shift = 0.0;
  var masses = vec4f(0.0);
  for (var i = 0u; 4u * i < params.classes; i++) {
    let columns = vec4u(4u * i) + vec4u(0u, 1u, 2u, 3u);
    let wrong = (columns < vec4u(params.classes)) & (columns != vec4u(label));
    let margins = select(vec4f(FAR_BELOW), logits_at(starts, i) - right, wrong);
    let largest = max(max(margins.x, margins.y), max(margins.z, margins.w));
    if (largest > shift) {
      masses *= exp_exact(vec4f(shift - largest));
      shift = largest;
    }
    masses += exp_exact(margins - shift);
  }
  let wrong_mass = (masses.x + masses.y) + (masses.z + masses.w);
  // The label's own e^-shift - 1 is exactly 0 when the label leads, so that the tiny sum of the others survives.
  let own = exp_exact(vec4f(-shift)).x - 1.0;
  let to = params.losses.x + copy * params.losses.y + query * params.count + n;
  losses[to] = shift + log_of_one_plus(wrong_mass + own);
}
