// A, 4 × 4 elements at a time by vec4 loads along K. Wants stride 1 along K, up to
// the next multiple of 4 with zeros behind K; offset and all other strides multiples of 4.
@group(0) @binding(1) var<storage, read> a: array<vec4f>;

// Where rows row … row + 3 begin; rows past the end repeat the last, their results are never stored.
fn a_lines(start: u32, row: u32) -> vec4u {
  return (start + min(row + vec4u(0, 1, 2, 3), vec4u(params.size.x - 1)) * params.a.y) / 4;
}

// Column q of the result is row + q of A, its components are k … k + 3.
fn a_block(lines: vec4u, k: u32) -> mat4x4f {
  let at = lines + k / 4;
  return mat4x4f(a[at.x], a[at.y], a[at.z], a[at.w]);
}
