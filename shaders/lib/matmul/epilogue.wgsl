// What follows the product before it is stored: C = gate(act(A·B + bias) + residual), each only where `parts` names it.
#include "lib/math.wgsl"

// A parameter and no overrides: a kernel would be compiled again for each combination.
const BIAS: u32 = 1u;
const RESIDUAL: u32 = 2u;
const GATE: u32 = 4u;  // C where gate > 0, else 0: the adjoint of ReLU, gate its saved output
const RELU: u32 = 8u;
override ACTIVATION: u32 = 0u;  // besides: 0 none, 2 GELU, 3 square, 4 tanh

@group(0) @binding(4) var<storage, read> bias: array<f32>;
@group(0) @binding(5) var<storage, read> residual: array<f32>;
@group(0) @binding(6) var<storage, read> gate: array<f32>;

fn wants(part: u32) -> bool {
  return (params.parts & part) != 0;
}

// First elements for the outer indices of a place.
struct Origins {
  c: u32,
  bias: u32,
  residual: u32,
  gate: u32,
}

fn find_origins(place: Place) -> Origins {
  return Origins(
    origin(params.c, params.c_bias_outer.xy, place),
    origin(params.bias, params.c_bias_outer.zw, place),
    origin(params.residual, params.residual_gate_outer.xy, place),
    origin(params.gate, params.residual_gate_outer.zw, place));
}

// Four columns from `column` on; those past the end are the last one and not stored.
fn columns_from(column: u32) -> vec4u {
  return min(column + vec4u(0, 1, 2, 3), vec4u(params.size.y - 1));
}

// The bias of four outputs of one row; the same for all rows where its stride along them is 0.
fn bias_of(at: Origins, row: u32, column: u32) -> vec4f {
  let k = at.bias + row * params.bias.y + columns_from(column) * params.bias.z;
  return vec4f(bias[k.x], bias[k.y], bias[k.z], bias[k.w]);
}

fn activate(x: vec4f) -> vec4f {
  if (ACTIVATION == 2u) {
    return vec4f(gelu(x.x), gelu(x.y), gelu(x.z), gelu(x.w));
  }
  if (ACTIVATION == 3u) {
    return x * x;
  }
  if (ACTIVATION == 4u) {
    return vec4f(tanh_safe(x.x), tanh_safe(x.y), tanh_safe(x.z), tanh_safe(x.w));
  }
  return select(x, max(x, vec4f(0)), wants(RELU));
}

fn residual_of(at: Origins, row: u32, column: u32) -> vec4f {
  let k = at.residual + row * params.residual.y + columns_from(column) * params.residual.z;
  return vec4f(residual[k.x], residual[k.y], residual[k.z], residual[k.w]);
}

fn pass_gate(value: vec4f, at: Origins, row: u32, column: u32) -> vec4f {
  let k = at.gate + row * params.gate.y + columns_from(column) * params.gate.z;
  let open = vec4f(gate[k.x], gate[k.y], gate[k.z], gate[k.w]) > vec4f(0);
  return select(vec4f(0), value, open);
}

// Of four outputs of one row from `column` on.
fn finish(product: vec4f, at: Origins, row: u32, column: u32) -> vec4f {
  var value = product;
  if (wants(BIAS)) {
    value += bias_of(at, row, column);
  }
  value = unless_nan4(value, activate(value));
  if (wants(RESIDUAL)) {
    value += residual_of(at, row, column);
  }
  if (wants(GATE)) {
    value = pass_gate(value, at, row, column);
  }
  return value;
}
