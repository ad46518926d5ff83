import WaveSurfer from 'wavesurfer.js';
import { createEarmark } from '../create-earmark.js';
import type { Earmark as EarmarkApi, EarmarkEvents } from '../earmark-api.js';
import type { EarmarkOptions } from '../options.js';
import type { HostHistory, TimelineHost } from './timeline-host.js';
import { wavesurferHost } from './wavesurfer-host.js';

export { wavesurferHost };

/** As {@link EarmarkOptions}; the host is the wavesurfer.js instance. */
export type EarmarkPluginOptions = Omit<EarmarkOptions, 'host'> & {
  /** The editor's undo stack, of which Earmark's edits shall be entries. Default: Earmark has its own. */
  readonly history?: HostHistory | undefined;
};

/** Events of the plugin; `destroy` comes from wavesurfer.js. */
export type EarmarkPluginEvents = { [E in keyof EarmarkEvents]: EarmarkEvents[E] };

/** What the plugin adds to its instance; `on` and `destroy` are the plugin's own, and mean the same. */
export type EarmarkPluginApi = Omit<EarmarkApi, 'on' | 'destroy'>;

/**
 * Earmark as a plugin of wavesurfer.js 8. An instance is a whole `Earmark`, from the moment it is registered.
 *
 * ```ts
 * const earmark = ws.registerPlugin(Earmark.create({ model: 'pocket' }));
 * const hits = await earmark.find('dog bark');
 * ```
 *
 * Registering throws EarmarkError `bad-option` for options that cannot be.
 */
export const Earmark = WaveSurfer.definePlugin<EarmarkPluginOptions | undefined, EarmarkPluginEvents, EarmarkPluginApi>(
  'Earmark',
  ({ wavesurfer, scope, emit }, given) => {
    const { history, ...options } = given ?? {};
    const host = wavesurferHost(wavesurfer, history);
    const earmark = createOn(host, { openRecording: (file) => wavesurfer.loadBlob(file), ...options });
    scope.add(() => earmark.destroy());
    for (const event of ['regions', 'analysed', 'error'] as const) {
      earmark.on(event, (...payload: EarmarkPluginEvents[typeof event]) => emit(event, ...payload));
    }
    return {
      host,
      getState: () => earmark.getState(),
      subscribe: (listener) => earmark.subscribe(listener),
      dispatch: (request) => earmark.dispatch(request),
      open: (input, openOptions) => earmark.open(input, openOptions),
      find: (text, findOptions) => earmark.find(text, findOptions),
      mask: (maskOptions) => earmark.mask(maskOptions),
      split: (splitOptions) => earmark.split(splitOptions),
      render: (renderOptions) => earmark.render(renderOptions),
      separate: (separateOptions) => earmark.separate(separateOptions),
      classify: (classifyOptions) => earmark.classify(classifyOptions),
      suggestUcs: (label, suggestOptions) => earmark.suggestUcs(label, suggestOptions),
      saveProject: () => earmark.saveProject(),
      openProject: (file, projectOptions) => earmark.openProject(file, projectOptions),
      lastRecording: () => earmark.lastRecording(),
      analysed: (signal) => earmark.analysed(signal),
    };
  },
);

/** wavesurfer.js frees nothing of a plugin that throws while it is registered. */
function createOn(host: TimelineHost, options: Omit<EarmarkOptions, 'host'>): EarmarkApi {
  try {
    return createEarmark({ ...options, host });
  } catch (error) {
    host.destroy();
    throw error;
  }
}

/** An instance of the plugin. */
export type Earmark = InstanceType<typeof Earmark>;
