/** Steps as a file of checkpoints keeps them in its metadata. */

/** At least one whole number, as JSON; null for anything else. */
export function readSteps(text: string | undefined): readonly number[] | null {
  try {
    const steps: unknown = JSON.parse(text ?? '');
    const whole = (step: unknown): step is number => Number.isInteger(step) && Number(step) >= 0;
    return Array.isArray(steps) && steps.length > 0 && steps.every(whole) ? steps : null;
  } catch {
    return null;
  }
}
