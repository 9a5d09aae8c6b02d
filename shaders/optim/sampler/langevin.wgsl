// lib/sampler/langevin.wgsl for software adapters: every invocation leaves its sums, no barrier.
#include "lib/sampler/alone.wgsl"
#include "lib/sampler/langevin.wgsl"
