// B, 4 × 4 elements at a time by single loads, any strides. Any K: rows past the end repeat the last and meet zeros of A.
@group(0) @binding(2) var<storage, read> b: array<f32>;

// Where columns column … column + 3 begin; those past the end repeat the last, their results are never stored.
fn b_lines(start: u32, column: u32) -> vec4u {
  return start + min(column + vec4u(0, 1, 2, 3), vec4u(params.size.y - 1)) * params.b.z;
}

// Column q of the result is row k + q of B, its components are the four columns of B.
fn b_block(lines: vec4u, k: u32) -> mat4x4f {
  let at = min(k + vec4u(0, 1, 2, 3), vec4u(params.size.z - 1)) * params.b.y;
  return mat4x4f(
    vec4f(b[lines.x + at.x], b[lines.y + at.x], b[lines.z + at.x], b[lines.w + at.x]),
    vec4f(b[lines.x + at.y], b[lines.y + at.y], b[lines.z + at.y], b[lines.w + at.y]),
    vec4f(b[lines.x + at.z], b[lines.y + at.z], b[lines.z + at.z], b[lines.w + at.z]),
    vec4f(b[lines.x + at.w], b[lines.y + at.w], b[lines.z + at.w], b[lines.w + at.w]));
}
