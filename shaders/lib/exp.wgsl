// e^x for x <= 0 within 2 ULP on every adapter: the builtin may be off by 3 + 2|x| ULP, which at
// the tiny probabilities of a confident row is 1e-5. Below 2^-126 the result would be subnormal and
// is 0. NaN stays NaN. x = k ln 2 + r with ln 2 in two parts, the first of 10 bits so that k times
// it is exact (Cody and Waite, "Software Manual for the Elementary Functions", 1980); Taylor of
// degree 7 for |r| <= 0.347, 6e-9 left out.
fn exp_exact(x: vec4f) -> vec4f {
  let k = max(round(x * 1.4426950408889634), vec4f(-126.0));
  // fma, though the product is exact: fast-math compilers (Metal's) would add up the two parts of ln 2 first.
  let r = fma(k, vec4f(-0.693359375), x) + k * 2.1219444005469057e-4;
  let last = 1.3888888888888889e-3 + r * 1.984126984126984e-4;
  let far = 4.1666666666666664e-2 + r * (8.333333333333333e-3 + r * last);
  let near = 1.0 + r * (1.0 + r * (0.5 + r * (0.16666666666666666 + r * far)));
  let power = bitcast<vec4f>((vec4i(k) + vec4i(127)) << vec4u(23u));
  return select(near * power, vec4f(0.0), x < vec4f(-87.3366));
}
