/** The end of `npm run build`: writes the demo pages to dist/demos. */
import { buildPages } from './pages/build.ts';

await buildPages('dist/demos');
