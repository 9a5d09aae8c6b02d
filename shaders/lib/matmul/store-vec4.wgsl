// Stores of four outputs of a row at once: C's offset and its strides multiples of 4, and N too, or rows padded to one.
@group(0) @binding(3) var<storage, read_write> c: array<vec4f>;

fn store(value: vec4f, start: u32, row: u32, column: u32) {
  c[(start + row * params.c.y + column) / 4] = value;
}
