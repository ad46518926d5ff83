import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { PROMPT_TEMPLATES, type PromptTemplate } from '../../src/tasks/prompt-template.js';
import { DcaseTsvError, parseDcaseTsv, type GroundTruth } from '../../src/evaluation/dcase-tsv.js';

export const USAGE = `usage: npm run evaluate -- --audio DIR --truth events.tsv [--model FOLDER] [--no-bias] [--template NAME] [--json out.json] [--probabilities out.json] [--detections out.json]

  --audio          folder of the recordings
  --truth          their events: tab-separated filename, onset, offset, event_label (the label is the prompt, _ is a space)
  --model          folder of a model to use instead of the built-in one; it needs a model.json
  --no-bias        does without the model's biases: prompts are calibrated by background sounds, as those of CLAP are
  --template       words around the prompts: ${Object.keys(PROMPT_TEMPLATES).join(', ')}; default: what the model is used to
  --json           writes all figures there
  --probabilities  writes the probability of every frame and label there
  --detections     writes what was found there: length, boxes and presence by file and label`;

/** Something about the arguments that the user has to change. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError';
}

export interface EvaluateArguments {
  /** Absolute paths. */
  readonly audioFolder: string;
  readonly modelFolder: string | null;
  readonly noBias: boolean;
  readonly template: PromptTemplate | null;
  readonly jsonFile: string | null;
  readonly probabilitiesFile: string | null;
  readonly detectionsFile: string | null;
  readonly truth: GroundTruth;
}

/**
 * Reads and checks everything that can be checked before a browser starts.
 *
 * @param base folder that relative paths start from
 * @throws ArgumentError
 */
export function readArguments(words: readonly string[], base: string): EvaluateArguments {
  const { 'no-bias': noBias = false, template = null, ...values } = parseWords(words);
  const place = (name: keyof typeof values) => (values[name] === undefined ? null : path.resolve(base, values[name]));
  if (!isTemplate(template)) {
    throw new ArgumentError(
      `--template is ${template}; it has to be one of ${Object.keys(PROMPT_TEMPLATES).join(', ')}`,
    );
  }
  const audioFolder = place('audio');
  const truthFile = place('truth');
  if (audioFolder === null || truthFile === null) throw new ArgumentError('--audio and --truth are needed');
  requireFolder(audioFolder, '--audio');
  const modelFolder = place('model');
  if (modelFolder !== null) {
    requireFolder(modelFolder, '--model');
    if (!isFile(path.join(modelFolder, 'model.json'))) {
      throw new ArgumentError(`--model: ${modelFolder} has no model.json, which describes the model's files`);
    }
  }
  const truth = readTruth(truthFile);
  const missing = truth.filenames.filter((name) => !isFile(path.join(audioFolder, name)));
  if (missing.length > 0) {
    const more = missing.length > 3 ? ` and ${missing.length - 3} more` : '';
    throw new ArgumentError(
      `${truthFile} names files that ${audioFolder} lacks: ${missing.slice(0, 3).join(', ')}${more}`,
    );
  }
  const jsonFile = place('json');
  const probabilitiesFile = place('probabilities');
  const detectionsFile = place('detections');
  for (const file of [jsonFile, probabilitiesFile, detectionsFile]) {
    if (file !== null) requireFolder(path.dirname(file), `the folder of ${path.basename(file)}`);
  }
  return { audioFolder, modelFolder, noBias, template, jsonFile, probabilitiesFile, detectionsFile, truth };
}

function parseWords(words: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...words],
      options: {
        audio: text,
        truth: text,
        model: text,
        'no-bias': { type: 'boolean' },
        template: text,
        json: text,
        probabilities: text,
        detections: text,
      },
    }).values;
  } catch (error) {
    throw new ArgumentError((error as Error).message);
  }
}

function readTruth(file: string): GroundTruth {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new ArgumentError(`--truth: there is no readable file at ${file}`);
  }
  try {
    const truth = parseDcaseTsv(text);
    if (truth.labels.length === 0) throw new ArgumentError(`${file} has no events, so there is nothing to ask for`);
    return truth;
  } catch (error) {
    if (error instanceof DcaseTsvError) throw new ArgumentError(`${file}, ${error.message}`);
    throw error;
  }
}

function isTemplate(name: string | null): name is PromptTemplate | null {
  return name === null || Object.hasOwn(PROMPT_TEMPLATES, name);
}

function requireFolder(folder: string, name: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new ArgumentError(`${name}: there is no folder ${folder}`);
  }
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}
