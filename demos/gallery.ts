/** The gallery: small real charts, drawn from the stored runs that the pages themselves show. */
import { make } from './shared/dom';
import { drawSparkline } from './shared/sparkline';
import { loadStored } from './shared/stored';
import { createThemeButton, followTheme } from './shared/theme';

followTheme();
document.querySelector('header.site')?.append(createThemeButton());

async function fillThumbs(): Promise<void> {
  const stored = await loadStored(new URL('./grokking/reference-quick.json', import.meta.url));
  const place = document.getElementById('thumb-grokking');
  if (stored === null) place?.append(make('span', { class: 'unseen' }, 'No stored run.'));
  else place?.append(drawSparkline(stored, ['memorised', 'generalised']));
}

void fillThumbs();
