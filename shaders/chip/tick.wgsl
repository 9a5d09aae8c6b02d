// Ends a dispatch of steps on the chip: the next one begins where it stopped.
// Grid: one invocation. Reads and writes clock: [step, end, steps of a dispatch, …].

@group(0) @binding(1) var<storage, read_write> clock: array<u32>;

@compute @workgroup_size(1)
fn main() {
  clock[0] = min(clock[1], clock[0] + clock[2]);
}
