// Second pass of the counting sort behind scatter-add: from counts to places in the list.
// Shapes: counts [chunks, V] becomes, in place, the place in the list of the first v of each chunk, relative to the
// first v of all; starts [V + 1] the place of the first v of all; each once per replica of the indices.
// Grid: a workgroup per replica of the indices. Reads and writes counts, writes starts. Exact.

override WORKGROUP: u32 = 64u;

struct Params {
  count: u32, // N
  rows: u32, // V
  chunks: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> counts: array<u32>;
@group(0) @binding(2) var<storage, read_write> starts: array<u32>;

var<workgroup> sums: array<u32, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let own = group.x * params.chunks * params.rows;
  let to = group.x * (params.rows + 1u);
  // Each invocation has a run of rows: first their totals, then, once the sums before the run are known, their starts.
  let length = (params.rows + WORKGROUP - 1u) / WORKGROUP;
  let first = min(local * length, params.rows);
  let end = min(first + length, params.rows);
  var sum = 0u;
  for (var v = first; v < end; v++) {
    var total = 0u;
    for (var chunk = 0u; chunk < params.chunks; chunk++) {
      let at = own + chunk * params.rows + v;
      let count = counts[at];
      counts[at] = total;
      total += count;
    }
    starts[to + v] = sum;
    sum += total;
  }
  sums[local] = sum;
  workgroupBarrier();
  var before = group.x * params.count;
  for (var k = 0u; k < local; k++) {
    before += sums[k];
  }
  for (var v = first; v < end; v++) {
    starts[to + v] += before;
  }
  if (local == WORKGROUP - 1u) {
    starts[to + params.rows] = before + sum;
  }
}
