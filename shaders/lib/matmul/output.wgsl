// A tile of up to ROWS × COLUMNS blocks on its way out, `down` rows and `across` columns from block to block: the epilogue, or with splits
// the bare partial product into its own plane. Zeros stand behind the end of a row, where a store of four may reach. One copy of
// the way out in a loop: written out for each row of each block it is most of what a driver compiles.
fn emit_tile(
  tile: array<mat4x4f, KEPT>, place: Place, row: u32, column: u32, down: u32, across: u32,
) {
  var blocks = tile;
  let at = find_origins(place);
  let start = at.c + place.split * params.outer.w;
  for (var x = 0u; x < COLUMNS; x++) {
    let first = column + across * x;
    let inside = first + vec4u(0, 1, 2, 3) < vec4u(params.size.y);
    var added = vec4f(0);
    for (var y = 0u; y < 4 * ROWS; y++) {
      let line = row + down * (y / 4) + y % 4;
      if (line < params.size.x && inside.x) {
        var value = blocks[y / 4 * 2 + x][y % 4];
        if (params.grid.z == 1) {
          if (y == 0 || params.bias.y != 0) {
            added = bias_of(at, line, first);
          }
          value = select(vec4f(0), finish(value, added, at, line, first), inside);
        }
        store(value, start, line, first);
      }
    }
  }
}
