/** When the progress measures are made, and which frequencies they take for the key ones. */
import { LARGEST_MODULUS } from '../../data/modular';
import { flag, list, number, object, type Infer } from '../schema';

export const measuresSchema = object({
  every: number({
    min: 1,
    max: 1_000_000,
    integer: true,
    default: 50,
    label: 'Measure every',
    unit: 'steps',
    help: 'Restricted and excluded losses, spectra and the rest; a few training steps each.',
  }),
  keys: list(number({ min: 1, max: (LARGEST_MODULUS - 1) / 2, integer: true }), {
    default: [],
    maxLength: (LARGEST_MODULUS - 1) / 2,
    label: 'Key frequencies',
    help: 'Empty: those of the network as it stands. The paper takes the ones it ends with: give them, with the same seed.',
  }),
  readout: flag({
    default: false,
    label: 'What the read-out reads',
    help: 'Also how much of u_k·neurons and v_k·neurons waves of a + b explain (readout_fve): a third more work.',
  }),
});
export type MeasuresConfig = Infer<typeof measuresSchema>;
