// Four outputs of a row on their way out: the epilogue, or with splits the bare partial product into its own plane. Zeros
// stand behind the end of a row, where a store of four may reach.
fn emit(value: vec4f, place: Place, row: u32, column: u32) {
  if (row >= params.size.x || column >= params.size.y) {
    return;
  }
  let start = origin(params.c, params.c_bias_outer.xy, place) + place.split * params.outer.w;
  if (params.grid.z > 1) {
    store(value, start, row, column);
  } else {
    let inside = column + vec4u(0, 1, 2, 3) < vec4u(params.size.y);
    store(select(vec4f(0), finish(value, place, row, column), inside), start, row, column);
  }
}

fn emit_block(block: mat4x4f, place: Place, row: u32, column: u32) {
  emit(block[0], place, row, column);
  emit(block[1], place, row + 1, column);
  emit(block[2], place, row + 2, column);
  emit(block[3], place, row + 3, column);
}
