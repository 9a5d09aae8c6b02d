// result[i] = sum over k of x_k after `turns` times x ← x·a + b, for eight vec4 accumulators x_k that start apart: arithmetic
// and next to nothing else, to find out how much of it an adapter can do.
// Shapes: result [invocations] of vec4. Grid: an invocation per element, x only. Reads nothing, writes result.
// With |a| < 1 the numbers approach b/(1 − a) and stay normal. The accumulators do not wait for each other, so that 32
// multiply-adds are in flight; all of them end in the result, so that none can be left out. FUSED says `fma`, which is
// one instruction on GPUs and may be a library call on a CPU; without it the compiler may still contract.

override WORKGROUP: u32 = 64u;
override FUSED: bool = true;

struct Params {
  a: f32,
  b: f32,
  turns: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> result: array<vec4f>;

fn advance(x: vec4f, a: vec4f, b: vec4f) -> vec4f {
  if (FUSED) {
    return fma(x, a, b);
  }
  return x * a + b;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let a = vec4f(params.a);
  let b = vec4f(params.b);
  let start = vec4f(f32(id.x % 16u)) + vec4f(0.0, 0.25, 0.5, 0.75);
  var x0 = start;
  var x1 = start + 1.0;
  var x2 = start + 2.0;
  var x3 = start + 3.0;
  var x4 = start + 4.0;
  var x5 = start + 5.0;
  var x6 = start + 6.0;
  var x7 = start + 7.0;
  for (var turn = 0u; turn < params.turns; turn++) {
    x0 = advance(x0, a, b);
    x1 = advance(x1, a, b);
    x2 = advance(x2, a, b);
    x3 = advance(x3, a, b);
    x4 = advance(x4, a, b);
    x5 = advance(x5, a, b);
    x6 = advance(x6, a, b);
    x7 = advance(x7, a, b);
  }
  result[id.x] = ((x0 + x1) + (x2 + x3)) + ((x4 + x5) + (x6 + x7));
}
