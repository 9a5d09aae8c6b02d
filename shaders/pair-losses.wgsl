// Cross-entropies of logits that are sums of functions of a + b, a - b, a and b over pairs mod p, or of logits with such sums taken
// out of them; the right class is (a + b) mod p:
//
//   z_c = sum over t < TABLES of tables[q, t, x_t, c],   x = (a + b, a - b, a, b) mod p
//   loss[q, n] = m + log1p(sum over c != y of exp(z_c - z_y - m) + exp(-m) - 1),  m = max(0, max over c != y of (z_c - z_y))
//
// and with BASE z_c = base[a p + b, c] - that sum. The pair of n is rows[n] = a p + b, or n * step without ROWS.
// Shapes  tables [queries, TABLES, p, width], width a multiple of 4; base [p^2, classes] with any strides; rows u32 [count];
//         losses [queries, count]; replicas are a further axis.
// Grid    an invocation per pair and four queries, n fastest, folded into x and y.
// Reads   rows, a row of the factors of each table and, for four queries together, one of the base (pair-factors.wgsl); where their products are too small,
//         the tables and the base. Writes losses.
// Numbers loss = log1p(wrong / right), masses of the wrong classes and of the right one as products of factors: no exponential here.
//         Factors each lead at their own class, so a product may be small where all others are: below 2^-80 the row is summed again
//         from its margins in one pass, masses scaled down whenever a larger margin comes. Rows out of range are read as the
//         last pair.
#include "lib/exp.wgsl"
#include "lib/index.wgsl"
#include "lib/math.wgsl"

override WORKGROUP: u32 = 64u;
override TABLES: u32 = 1u;
override BASE: u32 = 0u;
override ROWS: u32 = 0u;

const FAR_BELOW: f32 = -1.0e30;
// Masses below this are not what is left of larger ones.
const FAINT: f32 = 8.271806125530277e-25;

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
  // Strides of replicas of the factors of tables and of the base, in groups of four.
  factors: vec2u,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> tables: array<vec4f>;
@group(0) @binding(2) var<storage, read> rows: array<u32>;
@group(0) @binding(3) var<storage, read> base: array<f32>;
@group(0) @binding(4) var<storage, read> factors: array<vec4f>;
@group(0) @binding(5) var<storage, read> base_factors: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> losses: array<f32>;

// Where the rows of the pair begin in the tables of a query, and the row of the base; the same among factors.
struct Starts {
  tables: vec4u,
  base: u32,
  factors: vec4u,
  base_factors: u32,
}

fn next_query(starts: Starts) -> Starts {
  let size = vec4u(TABLES * params.p * params.fours);
  return Starts(starts.tables + size, starts.base, starts.factors + size, starts.base_factors);
}

// Product of the factors of the tables at classes 4i to 4i + 3.
fn masses_at(starts: Starts, i: u32) -> vec4f {
  var product = factors[starts.factors.x + i];
  if (TABLES > 1u) {
    product *= factors[starts.factors.y + i];
  }
  if (TABLES > 2u) {
    product *= factors[starts.factors.z + i] * factors[starts.factors.w + i];
  }
  return product;
}

fn base_masses_at(starts: Starts, i: u32) -> vec4f {
  if (BASE == 0u) {
    return vec4f(1.0);
  }
  return base_factors[starts.base_factors + i];
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

// From the margins themselves, one pass.
fn loss_of_margins(starts: Starts, label: u32) -> f32 {
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
  let wrong = (masses.x + masses.y) + (masses.z + masses.w);
  let own = exp_exact(vec4f(-shift)).x;
  return unless_lost(!is_finite_bits(right), loss_of_masses(shift, wrong, own));
}

fn loss_of(starts: Starts, label: u32, masses: vec4f) -> f32 {
  let wrong = (masses.x + masses.y) + (masses.z + masses.w);
  let i = label / 4u;
  let right = (base_masses_at(starts, i) * masses_at(starts, i))[label % 4u];
  if (right > FAINT && wrong > FAINT) {
    return log_of_one_plus(wrong / right);
  }
  return loss_of_margins(starts, label);
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
  let blocks = (params.queries + 3u) / 4u;
  let query = unit / params.count % blocks * 4u;
  let copy = unit / params.count / blocks;
  var pair = n * params.step;
  if (ROWS == 1u) {
    pair = min(rows[params.rows.x + copy * params.rows.y + n], p * p - 1u);
  }
  let a = pair / p;
  let b = pair % p;
  let label = (a + b) % p;
  let x = vec4u(label, (a + p - b) % p, a, b);
  let place = (vec4u(0u, 1u, 2u, 3u) * p + x + vec4u(query * TABLES * p)) * params.fours;
  let first = Starts(
    place + vec4u(params.tables.x + copy * params.tables.y),
    params.base.x + copy * params.base.y + pair * params.base.z,
    place + vec4u(copy * params.factors.x),
    copy * params.factors.y + n * params.fours,
  );
  let second = next_query(first);
  let third = next_query(second);
  let fourth = next_query(third);

  // Reads of queries behind the last fall on others or on nothing, and are not written.
  var masses = mat4x4f();
  for (var i = 0u; i < params.fours; i++) {
    let columns = vec4u(4u * i) + vec4u(0u, 1u, 2u, 3u);
    let wrong = select(base_masses_at(first, i), vec4f(0.0), columns == vec4u(label));
    masses[0] += wrong * masses_at(first, i);
    masses[1] += wrong * masses_at(second, i);
    masses[2] += wrong * masses_at(third, i);
    masses[3] += wrong * masses_at(fourth, i);
  }
  let to = params.losses.x + copy * params.losses.y + query * params.count + n;
  let left = params.queries - query;
  losses[to] = loss_of(first, label, masses[0]);
  if (left > 1u) {
    losses[to + params.count] = loss_of(second, label, masses[1]);
  }
  if (left > 2u) {
    losses[to + 2u * params.count] = loss_of(third, label, masses[2]);
  }
  if (left > 3u) {
    losses[to + 3u * params.count] = loss_of(fourth, label, masses[3]);
  }
}
