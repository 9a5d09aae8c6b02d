// Four outputs of a row on their way out: the epilogue, or with splits the bare partial product into its own plane.
fn emit(value: vec4f, place: Place, row: u32, column: u32) {
  if (row >= params.size.x || column >= params.size.y) {
    return;
  }
  let start = origin(params.c, params.c_bias_outer.xy, place) + place.split * params.outer.w;
  if (params.grid.z > 1) {
    store(value, start, row, column);
  } else {
    store(finish(value, place, row, column), start, row, column);
  }
}

fn emit_block(block: mat4x4f, place: Place, row: u32, column: u32) {
  emit(block[0], place, row, column);
  emit(block[1], place, row + 1, column);
  emit(block[2], place, row + 2, column);
  emit(block[3], place, row + 3, column);
}
