/** What targets made of fully connected layers share. */

/** Names of the weights as `multilayerPerceptron` declares them. */
export function layerNames(layers: number): string[] {
  return Array.from({ length: layers }, (_, k) => `layers.${k}.weight`);
}
