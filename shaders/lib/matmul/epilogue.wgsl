// What follows the product before it is stored: C = gate(act(A·B + bias) + residual), each part only where its override says.
#include "lib/math.wgsl"

override BIAS: bool = false;
override RESIDUAL: bool = false;
override GATE: bool = false;       // C where gate > 0, else 0: the adjoint of ReLU, gate its saved output
override ACTIVATION: u32 = 0u;     // 0 none, 1 ReLU, 2 GELU, 3 square, 4 tanh

@group(0) @binding(4) var<storage, read> bias: array<f32>;
@group(0) @binding(5) var<storage, read> residual: array<f32>;
@group(0) @binding(6) var<storage, read> gate: array<f32>;

// Of four outputs of one row from `column` on. Columns past the end read the last one and are not stored.
fn finish(product: vec4f, place: Place, row: u32, column: u32) -> vec4f {
  let columns = min(column + vec4u(0, 1, 2, 3), vec4u(params.size.y - 1));
  var value = product;
  if (BIAS) {
    let at = origin(params.bias, params.c_bias_outer.zw, place) + row * params.bias.y
      + columns * params.bias.z;
    value += vec4f(bias[at.x], bias[at.y], bias[at.z], bias[at.w]);
  }
  if (ACTIVATION == 1u) {
    value = max(value, vec4f(0));
  } else if (ACTIVATION == 2u) {
    value = vec4f(gelu(value.x), gelu(value.y), gelu(value.z), gelu(value.w));
  } else if (ACTIVATION == 3u) {
    value = value * value;
  } else if (ACTIVATION == 4u) {
    value = vec4f(tanh_safe(value.x), tanh_safe(value.y), tanh_safe(value.z), tanh_safe(value.w));
  }
  if (RESIDUAL) {
    let at = origin(params.residual, params.residual_gate_outer.xy, place)
      + row * params.residual.y + columns * params.residual.z;
    value += vec4f(residual[at.x], residual[at.y], residual[at.z], residual[at.w]);
  }
  if (GATE) {
    let at = origin(params.gate, params.residual_gate_outer.zw, place) + row * params.gate.y
      + columns * params.gate.z;
    value = select(vec4f(0), value, vec4f(gate[at.x], gate[at.y], gate[at.z], gate[at.w]) > vec4f(0));
  }
  return value;
}
