import { strings, translatable } from '../../strings.js';

const shortRevision = (revision: string) => (/^[\da-f]{40}$/.test(revision) ? revision.slice(0, 7) : revision);

export const modelStrings = translatable('model', {
  title: 'Models',
  pocket: 'Pocket',
  pocketIs: 'Built in: everyday sounds, small and fast, works offline at once.',
  inUse: 'in use',
  use: 'Use',
  useOf: (name: string) => `Use ${name}`,
  goOn: 'Go on…',
  goOnOf: (name: string) => `Go on with the download of ${name}`,
  get: 'Get…',
  getOf: (name: string) => `Get ${name}: shows what would be downloaded`,
  delete: 'Delete',
  deleteOf: (name: string) => `Delete ${name} from this device`,
  facts: (licence: string, bytes: number) => `${licence} · ${strings.bytes(bytes)}`,
  aboutFacts: (licence: string, bytes: number) => `${licence} · about ${Math.round(bytes / 1e6)} MB`,
  origin: (from: string, revision: string) => `${from}, revision ${shortRevision(revision)}`,
  incomplete: 'not all of it is here',
  asksFirst: (host: string) =>
    `“Get…” asks ${host} how large the files are. Nothing is downloaded before you say so, and no audio is ever sent.`,
  notChecked:
    'CLAP’s way from audio to score was checked against Python with random weights, not with the original ones: judge its hits by ear.',
  asking: 'Asking what there is…',
  offer: (name: string, bytes: number, from: string) => `${name}: ${strings.bytes(bytes)} from ${from}`,
  offerCopy: (name: string, bytes: number) => `${name}: ${strings.bytes(bytes)}, copied from your folder`,
  alreadyHere: (bytes: number) => `${strings.bytes(bytes)} of it are here already.`,
  stated: 'Every file is compared with the hash that the host states.',
  unstated: 'This place states no hashes: later visits are checked against what is fetched now.',
  licence: (licence: string) =>
    licence === 'unknown' ? 'Licence unknown: see where it comes from.' : `Licence: ${licence}.`,
  noRoom: (free: number) => `The browser has only about ${strings.bytes(free)} left for this page.`,
  download: (bytes: number) => `Download ${strings.bytes(bytes)} and use`,
  copy: 'Copy and use',
  notNow: 'Not now',
  downloading: (name: string, loaded: number, total: number) =>
    `${name}: ${strings.bytes(loaded)} of ${strings.bytes(total)}`,
  waiting: 'Nothing is arriving. Asking again soon; what has arrived is kept.',
  cancel: 'Cancel',
  backToPocket: 'Back to Pocket',
  loadFailed: 'The model in use could not be loaded.',
  elsewhere: 'From elsewhere',
  host: 'Mirror of the hub',
  hostHint: 'e.g. hf-mirror.com; empty for huggingface.co',
  url: 'Folder on a web server',
  urlHint: 'https://example.org/models/clap/',
  look: 'Look',
  folder: 'Choose a folder…',
  dropFolder: 'or drop it here: config.json, tokenizer.json, onnx/ …',
  kept: (bytes: number) => `${strings.bytes(bytes)} of models are kept on this device.`,
});
