// A row per invocation, no barrier: for software adapters and for rows of a few elements.
#include "lib/rows/place.wgsl"

fn team_sum(value: f32, local: u32) -> f32 {
  return value;
}

fn team_max(value: f32, local: u32) -> f32 {
  return value;
}
