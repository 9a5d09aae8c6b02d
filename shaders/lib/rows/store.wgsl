// Stores the elements of a vec4 that lie inside the row; `output` is the kernel's result.
fn store_inside(start: u32, columns: vec4u, inside: vec4<bool>, values: vec4f) {
  if (inside.x) {
    output[start + columns.x] = values.x;
  }
  if (inside.y) {
    output[start + columns.y] = values.y;
  }
  if (inside.z) {
    output[start + columns.z] = values.z;
  }
  if (inside.w) {
    output[start + columns.w] = values.w;
  }
}
