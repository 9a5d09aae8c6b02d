// Body of attention-short-gradient and attention-short-gradient-scalar.
#include "lib/exp.wgsl"
#include "lib/attention/params.wgsl"

override WORKGROUP: u32 = 64;
// Rows past these, up to 4, cost little or nothing.
override QUERIES: u32 = 4;
override KEYS: u32 = 4;

fn queries_at(at: u32, c: u32) -> mat4x4f {
  var rows = mat4x4f();
  rows[0] = load_query(at, c);
  if (QUERIES > 1u) {
    rows[1] = load_query(at + params.queryStrides.y, c);
  }
  if (QUERIES > 2u) {
    rows[2] = load_query(at + 2u * params.queryStrides.y, c);
  }
  if (QUERIES > 3u) {
    rows[3] = load_query(at + 3u * params.queryStrides.y, c);
  }
  return rows;
}

fn gradients_at(at: u32, c: u32) -> mat4x4f {
  var rows = mat4x4f();
  rows[0] = load_gradient(at, c);
  if (QUERIES > 1u) {
    rows[1] = load_gradient(at + params.gradientStrides.y, c);
  }
  if (QUERIES > 2u) {
    rows[2] = load_gradient(at + 2u * params.gradientStrides.y, c);
  }
  if (QUERIES > 3u) {
    rows[3] = load_gradient(at + 3u * params.gradientStrides.y, c);
  }
  return rows;
}

fn keys_at(at: u32, c: u32) -> mat4x4f {
  var rows = mat4x4f();
  rows[0] = load_key(at, c);
  if (KEYS > 1u) {
    rows[1] = load_key(at + params.keyStrides.y, c);
  }
  if (KEYS > 2u) {
    rows[2] = load_key(at + 2u * params.keyStrides.y, c);
  }
  if (KEYS > 3u) {
    rows[3] = load_key(at + 3u * params.keyStrides.y, c);
  }
  return rows;
}

fn values_at(at: u32, c: u32) -> mat4x4f {
  var rows = mat4x4f();
  rows[0] = load_value(at, c);
  if (KEYS > 1u) {
    rows[1] = load_value(at + params.valueStrides.y, c);
  }
  if (KEYS > 2u) {
    rows[2] = load_value(at + 2u * params.valueStrides.y, c);
  }
  if (KEYS > 3u) {
    rows[3] = load_value(at + 3u * params.valueStrides.y, c);
  }
  return rows;
}

// Scores of query i, before the scale, to its probabilities.
fn probabilities(i: u32, scores: vec4f) -> vec4f {
  let seen = vec4u(0u, 1u, 2u, 3u) < vec4u(min(KEYS, i + params.shift + 1u));
  let scaled = select(vec4f(-1e30), scores * params.scale, seen);
  let masses = select(vec4f(0.0), exp_exact(scaled - max_of(scaled)), seen);
  return masses / sum_of(masses);
}

// Gradient of the scores before the scale: p (dp - sum p dp) scale.
fn score_gradient(p: vec4f, dp: vec4f) -> vec4f {
  return p * (dp - dot(p, dp)) * params.scale;
}

// Sum over the queries of rows[i] weights[i].
fn mix_queries(rows: mat4x4f, weights: vec4f) -> vec4f {
  var mix = rows[0] * weights.x;
  if (QUERIES > 1u) {
    mix += rows[1] * weights.y;
  }
  if (QUERIES > 2u) {
    mix += rows[2] * weights.z;
  }
  if (QUERIES > 3u) {
    mix += rows[3] * weights.w;
  }
  return mix;
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let index = id.x + id.y * groups.x * WORKGROUP;
  if (index >= params.total) {
    return;
  }
  let place = place_of(index, 1u);
  let query_at = origin_of(place, params.queryStrides, params.offsets.x);
  let key_at = origin_of(place, params.keyStrides, params.offsets.y);
  let value_at = origin_of(place, params.valueStrides, params.offsets.z);
  let gradient_at = origin_of(place, params.gradientStrides, params.offsets.w);

  // Column i belongs to query i, its elements to the keys.
  var p = mat4x4f();
  var dp = mat4x4f();
  for (var c = 0u; c < params.depth; c += 4u) {
    let q = queries_at(query_at, c);
    let g = gradients_at(gradient_at, c);
    let k = keys_at(key_at, c);
    let v = values_at(value_at, c);
    p[0] += q[0] * k;
    dp[0] += g[0] * v;
    if (QUERIES > 1u) {
      p[1] += q[1] * k;
      dp[1] += g[1] * v;
    }
    if (QUERIES > 2u) {
      p[2] += q[2] * k;
      dp[2] += g[2] * v;
    }
    if (QUERIES > 3u) {
      p[3] += q[3] * k;
      dp[3] += g[3] * v;
    }
  }
  var ds = mat4x4f();
  p[0] = probabilities(0u, p[0]);
  ds[0] = score_gradient(p[0], dp[0]);
  if (QUERIES > 1u) {
    p[1] = probabilities(1u, p[1]);
    ds[1] = score_gradient(p[1], dp[1]);
  }
  if (QUERIES > 2u) {
    p[2] = probabilities(2u, p[2]);
    ds[2] = score_gradient(p[2], dp[2]);
  }
  if (QUERIES > 3u) {
    p[3] = probabilities(3u, p[3]);
    ds[3] = score_gradient(p[3], dp[3]);
  }
  let p_of_key = transpose(p);
  let ds_of_key = transpose(ds);

  let step = params.heads * params.depth;
  let query_size = params.batch * params.queries * step;
  let key_size = params.batch * params.keys * step;
  let dq_at = result_origin(place, params.queries, 0u);
  let dk_at = result_origin(place, params.keys, query_size);
  let dv_at = result_origin(place, params.keys, query_size + key_size);
  for (var c = 0u; c < params.depth; c += 4u) {
    let q = queries_at(query_at, c);
    let g = gradients_at(gradient_at, c);
    let k = keys_at(key_at, c);
    store_output(dq_at, c, k * ds[0]);
    if (QUERIES > 1u) {
      store_output(dq_at + step, c, k * ds[1]);
    }
    if (QUERIES > 2u) {
      store_output(dq_at + 2u * step, c, k * ds[2]);
    }
    if (QUERIES > 3u) {
      store_output(dq_at + 3u * step, c, k * ds[3]);
    }
    store_output(dk_at, c, mix_queries(q, ds_of_key[0]));
    store_output(dv_at, c, mix_queries(g, p_of_key[0]));
    if (KEYS > 1u) {
      store_output(dk_at + step, c, mix_queries(q, ds_of_key[1]));
      store_output(dv_at + step, c, mix_queries(g, p_of_key[1]));
    }
    if (KEYS > 2u) {
      store_output(dk_at + 2u * step, c, mix_queries(q, ds_of_key[2]));
      store_output(dv_at + 2u * step, c, mix_queries(g, p_of_key[2]));
    }
    if (KEYS > 3u) {
      store_output(dk_at + 3u * step, c, mix_queries(q, ds_of_key[3]));
      store_output(dv_at + 3u * step, c, mix_queries(g, p_of_key[3]));
    }
  }
}
