// The functions of one number that unary kernels choose from by the override OP, so that all but one fold away.
// The codes are those of src/ops/unary.ts. `constant` is the summand or factor of the ops that have one.

#include "lib/math.wgsl"

override OP: u32 = 0u;

// Natural logarithm; near 1, where the builtin is only good to 2^-21 absolute, by log1p.
fn logarithm(x: f32) -> f32 {
  if (x >= 1.0 && x <= 2.0) {
    return log1p_exact(x - 1.0);
  }
  if (x >= 0.5 && x < 1.0) {
    return -log1p_exact((1.0 - x) / x);
  }
  return log(x);
}

// Of a negative argument exp never overflows.
fn sigmoid(x: f32) -> f32 {
  let e = exp(-abs(x));
  return select(1.0, e, x < 0.0) / (1.0 + e);
}

// Of NaN not always NaN: kernels see to that.
fn unary(x: f32, constant: f32) -> f32 {
  switch OP {
    case 0u: { return -x; }
    case 1u: { return max(x, 0.0); }
    case 2u: { return gelu(x); }
    case 3u: { return gelu_gradient(x); }
    case 4u: { return tanh_safe(x); }
    case 5u: { return x * x; }
    case 6u: { return select(sqrt(x), x, x == 0.0); }
    case 7u: { return exp(x); }
    case 8u: { return logarithm(x); }
    case 9u: { return abs(x); }
    case 10u: { return sign(x); }
    case 11u: { return sigmoid(x); }
    case 12u: { return softplus(x); }
    case 13u: { return x * constant; }
    case 14u: { return x + constant; }
    default: { return x; }
  }
}
