// A tile of up to ROWS × COLUMNS blocks on its way out, `down` rows and `across` columns from block to block. Partial products go into planes
// of their own, and no part of the epilogue is wanted for them. Zeros stand behind the end of a row, where a store of four may reach.
// One copy of the way out in a loop: written out for each row of each block it is most of what a driver compiles.
fn emit_tile(
  tile: array<mat4x4f, 4>, place: Place, row: u32, column: u32, down: u32, across: u32,
) {
  var blocks = tile;
  let at = find_origins(place);
  let start = at.c + place.split * params.outer.w;
  for (var q = 0u; q < 16u; q++) {
    let block = vec2u(q / 4 % 2, q / 8);
    let line = row + down * block.y + q % 4;
    let first = column + across * block.x;
    if (block.x < COLUMNS && block.y < ROWS && line < params.size.x && first < params.size.y) {
      let inside = first + vec4u(0, 1, 2, 3) < vec4u(params.size.y);
      let value = finish(blocks[q / 4][q % 4], at, line, first);
      store(select(vec4f(0), value, inside), start, line, first);
    }
  }
}
