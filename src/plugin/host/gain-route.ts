import { Context } from 'tone/build/esm/core/context/Context.js';
import { EarmarkError } from '../../engine/errors.js';
import type { GainTarget } from './timeline-host.js';

/** A gain that a host plays through. */
export interface GainRoute {
  /** Has no clock of its own; see {@link PrivateClock}. */
  readonly clock: Context;
  readonly gain: AudioParam;
  /** Takes the way through the gain again where the host has gone back to its own; resumes the audio. */
  keep(): void;
  /** The host plays as it did before. */
  release(): void;
}

/** Elements that play through Web Audio; that is for life, and can be done once. */
const routedElements = new WeakMap<HTMLMediaElement, AudioNode>();

/**
 * Leads what a host plays through a gain of our own.
 *
 * @param signal gives up waiting for the user to allow audio
 * @throws EarmarkError `no-gain` where the browser would let the element fall silent
 */
export async function routeThroughGain(target: GainTarget, signal: AbortSignal): Promise<GainRoute> {
  const output = target instanceof AudioNode ? target : await elementOutput(target, signal);
  const { context } = output;
  const clock = privateClock(context as AudioContext);
  const stage = clock.createGain();
  stage.connect(context.destination);
  const keep = (): void => {
    // wavesurfer.js disconnects its node when it is muted, and connects it directly when it is not.
    try {
      output.disconnect(context.destination);
    } catch {
      return;
    }
    output.connect(stage);
  };
  keep();
  return {
    clock,
    gain: stage.gain,
    keep() {
      keep();
      if (context.state === 'suspended') void (context as AudioContext).resume();
    },
    release() {
      clock.clockSource = 'offline';
      clock.off('tick');
      try {
        output.disconnect(stage);
        output.connect(context.destination);
      } catch {
        // Disconnected by the host: then it plays nothing.
      }
      stage.disconnect();
    },
  };
}

/**
 * A Tone.Context around an AudioContext that may be the host's. Tone's nodes and its index module both create the
 * page's global Tone context, so neither is used here; nor is `dispose()`, which closes the AudioContext.
 */
function privateClock(context: AudioContext): Context {
  const { onstatechange } = context;
  // A worker from a blob, Tone's default, is what strict content security policies refuse.
  const clock = new Context({ context, clockSource: 'offline' });
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- it gives back a handler that Tone.js has taken
  context.onstatechange = onstatechange;
  return clock;
}

async function elementOutput(media: HTMLMediaElement, signal: AbortSignal): Promise<AudioNode> {
  const known = routedElements.get(media);
  if (known) return known;
  const { protocol, origin } = new URL(media.currentSrc || location.href, location.href);
  if (protocol !== 'data:' && origin !== location.origin && media.crossOrigin === null) {
    throw new EarmarkError(
      'no-gain',
      `The audio comes from ${origin}, and the browser gives it to no gain. Set crossorigin on the element, or load a copy.`,
    );
  }
  const context = new AudioContext();
  // An element that plays into a suspended context stands still.
  await running(context, signal);
  const raced = routedElements.get(media);
  if (raced) {
    void context.close();
    return raced;
  }
  try {
    const output = context.createMediaElementSource(media);
    output.connect(context.destination);
    routedElements.set(media, output);
    return output;
  } catch (error) {
    void context.close();
    throw new EarmarkError(
      'no-gain',
      'The page plays this element through Web Audio already. Give Earmark the node that it plays into, as the option “output”.',
      { cause: error },
    );
  }
}

/** Until the browser lets the context play: at once after a gesture, else with the next one. */
async function running(context: AudioContext, signal: AbortSignal): Promise<void> {
  const resume = (): void => void context.resume();
  const ended = new AbortController();
  for (const type of ['pointerup', 'keydown']) {
    addEventListener(type, resume, { capture: true, signal: ended.signal });
  }
  try {
    await new Promise<void>((resolve, reject) => {
      const check = (): void => {
        if (context.state === 'running') resolve();
      };
      context.addEventListener('statechange', check, { signal: ended.signal });
      signal.addEventListener(
        'abort',
        () => {
          void context.close();
          reject(signal.reason as Error);
        },
        { signal: ended.signal },
      );
      resume();
      check();
    });
  } finally {
    ended.abort();
  }
}
