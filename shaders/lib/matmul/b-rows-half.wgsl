// B stored as float16, 4 × 4 elements at a time by loads of four along N, widened to float32. Wants stride 1 along N, up to the
// next multiple of 4; offset and all other strides multiples of 4, in elements. Needs `enable f16`.
// Any K: rows past the end repeat the last and meet zeros of A.
@group(0) @binding(2) var<storage, read> b: array<vec4<f16>>;

// Where the four columns begin (x); blocks past the end repeat the last, their results are never stored.
fn b_lines(start: u32, column: u32) -> vec4u {
  return vec4u((start + min(column, (params.size.y - 1) / 4 * 4)) / 4);
}

// Column q of the result is row k + q of B, its components are the four columns of B.
fn b_block(lines: vec4u, k: u32) -> mat4x4f {
  let at = lines + min(k + vec4u(0, 1, 2, 3), vec4u(params.size.z - 1)) * (params.b.y / 4);
  return mat4x4f(vec4f(b[at.x]), vec4f(b[at.y]), vec4f(b[at.z]), vec4f(b[at.w]));
}
