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

// A tile of up to 2 × 2 blocks on its way out, `down` rows and `across` columns from block to block. One copy of the way out in a
// loop: written out sixteen times it is most of what a driver compiles.
fn emit_tile(
  tile: array<mat4x4f, 4>, place: Place, row: u32, column: u32, down: u32, across: u32,
) {
  var blocks = tile;
  for (var q = 0u; q < 16u; q++) {
    let block = vec2u(q / 4 % 2, q / 8);
    if (block.x < COLUMNS && block.y < ROWS) {
      emit(blocks[q / 4][q % 4], place, row + down * block.y + q % 4, column + across * block.x);
    }
  }
}
