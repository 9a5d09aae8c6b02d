// Stores of four outputs of a row one by one, none past its end.
@group(0) @binding(3) var<storage, read_write> c: array<f32>;

fn store(value: vec4f, start: u32, row: u32, column: u32) {
  let at = start + row * params.c.y + column;
  let left = params.columns - column;
  c[at] = value.x;
  if (left > 1) { c[at + 1] = value.y; }
  if (left > 2) { c[at + 2] = value.z; }
  if (left > 3) { c[at + 3] = value.w; }
}
