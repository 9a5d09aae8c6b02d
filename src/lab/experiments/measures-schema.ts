/** When the progress measures are made, and which frequencies they take for the key ones. */
import { LARGEST_MODULUS } from '../../data/modular';
import { list, number, object, type Infer } from '../schema';

export const measuresSchema = object({
  every: number({
    min: 1,
    max: 1_000_000,
    integer: true,
    default: 50,
    label: 'Measure every',
    unit: 'steps',
    help: 'Restricted and excluded losses, spectra and the rest; they cost a few training steps each.',
  }),
  keys: list(number({ min: 1, max: (LARGEST_MODULUS - 1) / 2, integer: true }), {
    default: [],
    maxLength: (LARGEST_MODULUS - 1) / 2,
    label: 'Key frequencies',
    help: 'Empty: those of the network as it stands. The paper takes the ones it ends with: give them, with the same seed.',
  }),
});
export type MeasuresConfig = Infer<typeof measuresSchema>;
