// A, 4 × 4 elements at a time by single loads, any strides.
@group(0) @binding(1) var<storage, read> a: array<f32>;

// Where rows row … row + 3 begin; rows past the end repeat the last, their results are never stored.
fn a_lines(start: u32, row: u32) -> vec4u {
  return start + min(row + vec4u(0, 1, 2, 3), vec4u(params.size.x - 1)) * params.a.y;
}

// Column q of the result is row + q of A, its components are k … k + 3, zero past the end of K.
fn a_block(lines: vec4u, k: u32) -> mat4x4f {
  let steps = k + vec4u(0, 1, 2, 3);
  let at = min(steps, vec4u(params.size.z - 1)) * params.a.z;
  let inside = select(vec4f(0), vec4f(1), steps < vec4u(params.size.z));
  return mat4x4f(
    inside * vec4f(a[lines.x + at.x], a[lines.x + at.y], a[lines.x + at.z], a[lines.x + at.w]),
    inside * vec4f(a[lines.y + at.x], a[lines.y + at.y], a[lines.y + at.z], a[lines.y + at.w]),
    inside * vec4f(a[lines.z + at.x], a[lines.z + at.y], a[lines.z + at.z], a[lines.z + at.w]),
    inside * vec4f(a[lines.w + at.x], a[lines.w + at.y], a[lines.w + at.z], a[lines.w + at.w]));
}
