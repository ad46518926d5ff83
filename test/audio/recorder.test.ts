import { expect } from '@open-wc/testing';
import { Recorder } from '../../demo/recorder.js';
import { rejection, withAudio } from './audio-fixtures.js';

const worklet = new URL('/site/recorder.worklet.js', location.href);
const devices = navigator.mediaDevices;
const getUserMedia = devices.getUserMedia.bind(devices);
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Chromium's fake microphone beeps once a second. */
describe('recording from the microphone', () => {
  let asked: MediaStreamConstraints | undefined;
  let stream: MediaStream | null = null;

  beforeEach(() => {
    stream = null;
    devices.getUserMedia = async (constraints) => {
      asked = constraints;
      stream = await getUserMedia(constraints);
      return stream;
    };
  });

  afterEach(() => {
    devices.getUserMedia = getUserMedia;
  });

  const isReleased = () => stream?.getTracks().every((track) => track.readyState === 'ended');

  it('gives a WAV file of what was heard, shows its level, and lets go of the microphone', async () => {
    const levels: number[] = [];
    const recorder = await Recorder.start({ worklet, onLevel: (peak) => levels.push(peak) });
    await pause(1500);
    const file = await recorder.stop();
    expect(file.type).to.equal('audio/wav');
    await withAudio(file, async ({ source, duration }) => {
      expect(duration).to.be.closeTo(recorder.seconds, 1e-9);
      expect(duration).to.be.within(1, 4);
      const [samples] = await source.read(0, source.length);
      const peak = samples.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
      expect(peak).to.be.above(0.01);
      expect(Math.max(...levels)).to.be.closeTo(peak, 1e-4);
    });
    expect(isReleased()).to.equal(true);
  });

  it('asks for the sound as it is, without what browsers do for calls', async () => {
    (await Recorder.start({ worklet })).cancel();
    expect(asked?.audio).to.deep.equal({ echoCancellation: false, noiseSuppression: false, autoGainControl: false });
    expect(isReleased()).to.equal(true);
  });

  it('says what to do when the microphone is refused, missing or taken', async () => {
    const messages: [string, RegExp][] = [
      ['NotAllowedError', /Allow it in the address bar/],
      ['NotFoundError', /Connect one/],
      ['NotReadableError', /another program/],
    ];
    for (const [name, message] of messages) {
      devices.getUserMedia = () => Promise.reject(new DOMException('no', name));
      expect((await rejection(Recorder.start({ worklet }))).message).to.match(message);
    }
  });

  it('lets go of the microphone when its own file is missing', async () => {
    const error = await rejection(Recorder.start({ worklet: new URL('/no/such.js', location.href) }));
    expect(error.message).to.match(/could not be started/);
    expect(isReleased()).to.equal(true);
  });

  it('says when the microphone is gone, and keeps what it heard', async () => {
    let ended = false;
    const recorder = await Recorder.start({ worklet, onEnded: () => (ended = true) });
    await pause(500);
    // Browsers end a track whose device is unplugged; a script can only send the event.
    stream?.getTracks()[0].dispatchEvent(new Event('ended'));
    expect(ended).to.equal(true);
    expect((await recorder.stop()).size).to.be.above(44);
  });
});
