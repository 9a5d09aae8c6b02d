/** Steps per second over about the last second of work: sums that fade, so that results arriving together do not jump. */
export function createSpeedometer() {
  let steps = 0;
  let milliseconds = 0;
  return {
    observe(count: number, duration: number): void {
      const keep = Math.exp(-duration / 1000);
      steps = keep * steps + count;
      milliseconds = keep * milliseconds + duration;
    },
    read: (): number => (milliseconds > 0 ? (1000 * steps) / milliseconds : 0),
  };
}
