// B, 4 × 4 elements at a time by vec4 loads along K: B is the transpose of a row-major matrix. Wants stride 1 along K, up
// to the next multiple of 4 with zeros behind K; offset and all other strides multiples of 4.
@group(0) @binding(2) var<storage, read> b: array<vec4f>;

// Where columns column … column + 3 begin; those past the end repeat the last, their results are never stored.
fn b_lines(start: u32, column: u32) -> vec4u {
  return (start + min(column + vec4u(0, 1, 2, 3), vec4u(params.size.y - 1)) * params.b.z) / 4;
}

// Column q of the result is row k + q of B, its components are the four columns of B.
fn b_block(lines: vec4u, k: u32) -> mat4x4f {
  let at = lines + k / 4;
  return transpose(mat4x4f(b[at.x], b[at.y], b[at.z], b[at.w]));
}
