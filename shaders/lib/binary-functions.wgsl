// The functions of two numbers that binary kernels choose from by the override OP; codes as in src/ops/binary.ts.

#include "lib/finite.wgsl"

override OP: u32 = 0u;

fn binary(a: f32, b: f32) -> f32 {
  switch OP {
    case 0u: { return a + b; }
    case 1u: { return a - b; }
    case 2u: { return a * b; }
    case 3u: { return a / b; }
    case 4u: { return unless_nan(a, unless_nan(b, max(a, b))); }
    case 5u: { return unless_nan(a, unless_nan(b, min(a, b))); }
    case 6u: { return select(0.0, 1.0, a > b); }
    case 7u: { return select(0.0, 1.0, a == b); }
    case 8u: { return select(0.0, a, b > 0.0); }
    default: { return a; }
  }
}
