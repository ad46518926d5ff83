import { plural, translatable } from '../../strings.js';

const english = {
  revision: (revision: string) => `revision ${revision}`,
  workers: plural('en', { one: '# worker', other: '# workers' }),
  useAuto: 'Automatic',
  useBackend: (name: string) => `Use ${name}`,
};

export const modelDetailsStrings = () => translatable('modelDetails', english);
