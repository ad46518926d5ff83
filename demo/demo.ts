import { EarmarkError, openAudio, type SourceState } from 'earmark';
import { Earmark } from 'earmark/wavesurfer';
import 'earmark/ui';
import { acceptDroppedFiles } from './file-drop.js';
import { Recorder } from './recorder.js';
import { emptyWaveform, fillWaveform } from './waveform-data.js';
import { WaveformView } from './waveform-view.js';

const DEMO_NAME = 'demo.flac';
/** Of `.earmark.json`; browsers put numbers before the last part when they save a file twice. */
const PROJECT_EXTENSION = '.json';
const SUGGESTIONS = ['dog bark', 'footsteps', 'speech', 'thunder', 'church bell'];

function element(id: string): HTMLElement {
  return document.getElementById(id)!;
}

const assetBase = new URL('./earmark/', document.baseURI);
const view = new WaveformView(element('wave'));
const earmark = view.wavesurfer.registerPlugin(
  Earmark.create({ assetBase, openRecording: (file) => openRecording(file) }),
);
const panel = element('panel') as HTMLElementTagNameMap['earmark-panel'];
panel.suggestions = SUGGESTIONS;
panel.earmark = earmark;

// Messages

const message = element('message');

function showMessage(text: string): void {
  element('message-text').textContent = text;
  message.hidden = false;
}

function hideMessage(): void {
  message.hidden = true;
}

function showError(error: unknown): void {
  if (error instanceof DOMException && error.name === 'AbortError') return;
  showMessage(error instanceof Error ? error.message : String(error));
}

element('message-close').addEventListener('click', hideMessage);

// The line about the recording

function formatDuration(seconds: number): string {
  const whole = Math.round(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

function describe({ duration, sampleRate, channelCount }: SourceState): string {
  const kilohertz = new Intl.NumberFormat('en', { maximumFractionDigits: 2 }).format(sampleRate / 1000);
  const channels = channelCount === 1 ? 'mono' : channelCount === 2 ? 'stereo' : `${channelCount} channels`;
  return ` · ${formatDuration(duration)} · ${kilohertz} kHz ${channels}`;
}

let shownSource: SourceState | null = null;
earmark.subscribe(({ source }) => {
  if (source === null || source === shownSource) return;
  shownSource = source;
  const name = document.createElement('span');
  name.className = 'name';
  name.textContent = source.name;
  element('recording').replaceChildren(name, describe(source));
  document.title = `${source.name} · Earmark`;
});

// Opening

const spectrogramButton = element('spectrogram') as HTMLButtonElement;
let opening = new AbortController();

/** Opens a recording; what cannot be opened leaves everything as it is. */
async function openRecording(recording: File): Promise<void> {
  opening.abort();
  opening = new AbortController();
  const { signal } = opening;
  const { source } = await openAudio(recording, { assetBase, signal });
  try {
    const waveform = emptyWaveform(source);
    await view.show(recording, waveform);
    hideMessage();
    spectrogramButton.ariaPressed = 'false';
    spectrogramButton.disabled = !view.canShowSpectrogram;
    element('demo-credits').hidden = recording.name !== DEMO_NAME;
    await fillWaveform(waveform, source, () => view.refresh(waveform, false), signal);
    view.refresh(waveform, true);
  } finally {
    source.close();
  }
}

/** Opens a project on its recording; the panel asks for that where it is not the open one. */
async function openProject(project: File): Promise<void> {
  hideMessage();
  await earmark.openProject(project).catch((error: unknown) => {
    if (!(error instanceof EarmarkError && error.code === 'other-recording')) throw error;
  });
}

function openFiles(files: readonly File[]): void {
  const isProject = ({ name }: File) => name.endsWith(PROJECT_EXTENSION);
  const [project, ...moreProjects] = files.filter(isProject);
  const [recording, ...moreRecordings] = files.filter((file) => !isProject(file));
  if (moreProjects.length + moreRecordings.length > 0) {
    showMessage(`These are ${files.length} files. Drop one recording at a time; the one you have stays open.`);
    return;
  }
  const opened = project === undefined ? Promise.resolve() : openProject(project);
  opened.then(() => recording && openRecording(recording)).catch(showError);
}

acceptDroppedFiles(openFiles);
const fileInput = element('file') as HTMLInputElement;
element('open').addEventListener('click', () => fileInput.click());
fileInput.addEventListener('change', () => {
  openFiles([...(fileInput.files ?? [])]);
  fileInput.value = '';
});

async function openDemo(): Promise<void> {
  const response = await fetch(`./media/${DEMO_NAME}`, { signal: opening.signal });
  if (!response.ok) throw new Error('The demo recording is missing on this server. Open a recording of your own.');
  const bytes = await response.blob();
  await openRecording(new File([bytes], DEMO_NAME, { type: 'audio/flac' }));
}

/** What was worked on last, or the demo; what the user opens meanwhile goes before both. */
async function openFirst(): Promise<void> {
  const { signal: opensOther } = opening;
  const last = await earmark.lastRecording().catch(() => null);
  if (opensOther.aborted) return;
  if (last === null) return openDemo();
  const opened = openRecording(last);
  const { signal } = opening;
  try {
    await opened;
  } catch (error) {
    if (signal.aborted) return;
    await openDemo();
    showError(error);
  }
}

openFirst().catch(showError);

// Spectrogram

spectrogramButton.addEventListener('click', () => {
  const show = spectrogramButton.ariaPressed !== 'true';
  spectrogramButton.ariaPressed = String(show);
  if (!show) {
    view.hideSpectrogram();
    return;
  }
  view.showSpectrogram().catch((error: unknown) => {
    spectrogramButton.ariaPressed = 'false';
    showError(error);
  });
});

// Microphone

const recordButton = element('record') as HTMLButtonElement;
let recorder: Recorder | null = null;

function showRecorder(peak = 0): void {
  recordButton.ariaPressed = String(recorder !== null);
  element('record-label').textContent = recorder === null ? 'Record' : `Stop ${formatDuration(recorder.seconds)}`;
  element('record-level').setAttribute('r', String(recorder === null ? 5 : 3 + 5 * Math.sqrt(peak)));
}

async function startRecording(): Promise<void> {
  hideMessage();
  recorder = await Recorder.start({
    worklet: new URL('./recorder.worklet.js', document.baseURI),
    onLevel: showRecorder,
    onEnded: () => {
      showMessage('The microphone was taken away. What it heard until then has been opened.');
      stopRecording().catch(showError);
    },
  });
  showRecorder();
}

async function stopRecording(): Promise<void> {
  const stopping = recorder;
  if (stopping === null) return;
  recorder = null;
  showRecorder();
  const recording = await stopping.stop();
  const time = new Date().toLocaleTimeString('en-GB').replaceAll(':', '.');
  await openRecording(new File([recording], `Recording ${time}.wav`, { type: 'audio/wav' }));
}

recordButton.addEventListener('click', () => {
  recordButton.disabled = true;
  (recorder === null ? startRecording() : stopRecording()).catch(showError).finally(() => {
    recordButton.disabled = false;
  });
});
