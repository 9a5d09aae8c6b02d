// A, 4 × 4 elements at a time by vec4 loads along M: A is the transpose of a row-major matrix. Wants stride 1 along M, up to
// the next multiple of 4; offset and all other strides multiples of 4. Any K.
@group(0) @binding(1) var<storage, read> a: array<vec4f>;

// Where the four rows begin (x); blocks past the end repeat the last, their results are never stored.
fn a_lines(start: u32, row: u32) -> vec4u {
  return vec4u((start + min(row, (params.size.x - 1) / 4 * 4)) / 4);
}

// Column q of the result is row + q of A, its components are k … k + 3, zero past the end of K.
fn a_block(lines: vec4u, k: u32) -> mat4x4f {
  let steps = k + vec4u(0, 1, 2, 3);
  let at = lines + min(steps, vec4u(params.size.z - 1)) * (params.a.z / 4);
  let inside = select(vec4f(0), vec4f(1), steps < vec4u(params.size.z));
  return transpose(
    mat4x4f(a[at.x] * inside.x, a[at.y] * inside.y, a[at.z] * inside.z, a[at.w] * inside.w));
}
