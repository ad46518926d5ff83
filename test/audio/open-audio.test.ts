import { expect } from '@open-wc/testing';
import { mixdown } from '../../src/dsp/mixdown.js';
import { openAudio } from '../../src/plugin/audio-source.js';
import { repeatedWavBlob, wavBlob, type WavFormat } from '../helpers/wav.js';
import {
  ASSETS,
  clickPositions,
  fixture,
  loudest,
  maxDifference,
  moduleWorker,
  noise,
  rejection,
  withAudio,
  withDecodeAudioData,
  workerWithoutWebCodecs,
} from './audio-fixtures.js';

const open = (input: Parameters<typeof openAudio>[0]) => openAudio(input, { assetBase: ASSETS });

const WITHOUT_WEBCODECS = { assetBase: ASSETS, createWorker: workerWithoutWebCodecs };

/** The samples of pattern.flac, see test/fixtures/audio/make.sh. */
const PATTERN = Float32Array.from({ length: 22050 }, (_, n) => (((31 * n * n + 17 * n) % 127) - 63) / 256);

describe('openAudio: what it reads', () => {
  const formats: [WavFormat, number, number][] = [
    ['pcm16', 44100, 2],
    ['pcm24', 48000, 2],
    ['float32', 22050, 1],
    ['pcm16', 8000, 1],
    ['pcm16', 96000, 6],
    ['pcm16', 2000, 1],
  ];
  for (const [format, sampleRate, channelCount] of formats) {
    it(`gives the exact samples of a ${format} WAV at ${sampleRate} Hz with ${channelCount} channels`, async () => {
      const channels = Array.from({ length: channelCount }, (_, index) => noise(sampleRate, index + 1));
      await withAudio(wavBlob(channels, sampleRate, format), async (audio) => {
        expect(audio).to.include({ sampleRate, channelCount, duration: 1 });
        expect(audio.warnings).to.deep.equal([]);
        const read = await audio.source.read(0, sampleRate);
        channels.forEach((channel, index) => {
          expect(maxDifference(read[index], channel)).to.equal(0);
        });
      });
    });
  }

  it('gives the exact samples of a FLAC, streamed and decoded as a whole by the browser', async () => {
    const file = await fixture('pattern.flac');
    for (const createWorker of [moduleWorker, workerWithoutWebCodecs]) {
      await withAudio(
        file,
        async (audio) => {
          expect(audio).to.include({ name: 'pattern.flac', codec: 'flac', sampleRate: 44100, channelCount: 1 });
          const [samples] = await audio.source.read(0, 30000);
          expect(maxDifference(samples, PATTERN)).to.equal(0);
        },
        { createWorker },
      );
    }
  });

  it('reads anywhere what it reads in order, bit for bit, in PCM and FLAC', async () => {
    const length = 5 * 44100;
    const wave = noise(length, 3);
    const files: [Blob, Float32Array][] = [
      [wavBlob([wave], 44100), wave],
      [await fixture('pattern.flac'), PATTERN],
    ];
    for (const [file, expected] of files) {
      await withAudio(file, async ({ source }) => {
        for (const place of [0.9, 0.1, 0.5, 0.49, 0, 0.77, 0.2]) {
          const start = Math.floor(place * source.length);
          const [samples] = await source.read(start, 3001);
          expect(maxDifference(samples, expected.subarray(start, start + 3001))).to.equal(0);
        }
      });
    }
  });

  it('gives a buffer as it is', async () => {
    const buffer = new AudioBuffer({ numberOfChannels: 2, length: 1000, sampleRate: 44100 });
    const channels = [noise(1000, 1), noise(1000, 2)];
    channels.forEach((channel, index) => buffer.copyToChannel(channel, index));
    await withAudio(buffer, async (audio) => {
      expect(audio).to.include({ codec: null, sampleRate: 44100, channelCount: 2, duration: 1000 / 44100 });
      const read = await audio.source.read(10, 100);
      read.forEach((samples, index) => {
        expect(maxDifference(samples, channels[index].subarray(10, 110))).to.equal(0);
      });
    });
  });

  it('comes back short at the end and empty behind it, from a stream, from memory and from a buffer', async () => {
    const buffer = new AudioBuffer({ length: 66150, sampleRate: 44100 });
    for (const input of [wavBlob([new Float32Array(66150)], 44100), await fixture('click.mp3'), buffer]) {
      await withAudio(input, async ({ source }) => {
        const lengths = [];
        for (const start of [66140, 66150, 70000]) lengths.push((await source.read(start, 100)).map((c) => c.length));
        expect(lengths).to.deep.equal([[10], [0], [0]]);
      });
    }
  });

  it('opens a tenth of a second, and silence', async () => {
    await withAudio(wavBlob([new Float32Array(800)], 8000), async (audio) => {
      expect(audio.duration).to.equal(0.1);
      expect((await audio.source.read(0, 1000))[0]).to.deep.equal(new Float32Array(800));
    });
  });

  it('fetches from an address and names the recording after it', async () => {
    for (const input of [
      '/test/fixtures/audio/click.mp3',
      new URL('/test/fixtures/audio/click.mp3?x=1', location.href),
    ]) {
      await withAudio(input, (audio) => {
        expect(audio.name).to.equal('click.mp3');
        expect(audio.duration).to.equal(1.5);
      });
    }
    await withAudio('/test/fixtures/audio/click.mp3', (audio) => expect(audio.name).to.equal('Street'), {
      name: 'Street',
    });
  });
});

describe('openAudio: where a moment is after decoding', () => {
  // [file, rate, samples by which the clicks may be off, true seconds of timeline before the recording, codec]
  const files: [string, number, number, number, string][] = [
    ['click.mp3', 44100, 0, 0, 'mp3'],
    ['click.m4a', 48000, 0, 0, 'aac'],
    ['click.opus', 48000, 0, 0, 'opus'],
    ['click.ogg', 44100, 0, 0, 'vorbis'],
    ['video.mp4', 48000, 0, 0, 'aac'],
    ['video.webm', 48000, 0, 0, 'opus'],
    // An MP4 edit list counts in milliseconds.
    ['late-audio.mp4', 48000, 48, 0.25, 'aac'],
    // These two files do not say how much silence the encoder put in front.
    ['no-xing.mp3', 44100, 1105, 0, 'mp3'],
    ['click.aac', 48000, 1024, 0, 'aac'],
  ];
  for (const [name, sampleRate, tolerance, offset, codec] of files) {
    const expected = [0.5, 1].map((time) => Math.round((time + offset) * sampleRate));

    it(`puts the clicks of ${name} in place, to ${tolerance} samples`, async () => {
      await withAudio(await fixture(name), async (audio) => {
        expect(audio).to.include({ sampleRate, channelCount: 1, codec });
        expect(audio.duration).to.be.closeTo(1.5 + offset, 0.05);
        const [samples] = await audio.source.read(0, audio.source.length);
        clickPositions(samples, sampleRate, offset).forEach((position, i) => {
          expect(Math.abs(position - expected[i])).to.be.at.most(tolerance);
        });
      });
    });

    it(`puts a click of ${name} in the same place when it is jumped to`, async () => {
      await withAudio(await fixture(name), async ({ source }) => {
        const start = Math.round((0.75 + offset) * sampleRate);
        const [samples] = await source.read(start, Math.round(sampleRate / 2));
        // WebM counts in milliseconds.
        const roundOff = name.endsWith('.webm') ? 48 : 0;
        expect(Math.abs(start + loudest(samples) - expected[1])).to.be.at.most(tolerance + roundOff);
      });
    });

    it(`puts the clicks of ${name} in the same place without WebCodecs`, async () => {
      await withAudio(
        await fixture(name),
        async ({ source }) => {
          const [samples] = await source.read(0, source.length);
          clickPositions(samples, sampleRate, offset).forEach((position, i) => {
            // Chromium's own decoder takes 24 samples too many off Opus in WebM.
            expect(Math.abs(position - expected[i])).to.be.at.most(Math.max(24, tolerance));
          });
        },
        WITHOUT_WEBCODECS,
      );
    });
  }

  it('keeps the silence before late audio where only the browser can decode it', async () => {
    await withAudio(
      await fixture('late-audio.mp4'),
      async ({ source }) => {
        const [samples] = await source.read(0, source.length);
        expect(samples.subarray(0, 10000).every((value) => value === 0)).to.equal(true);
        expect(clickPositions(samples, 48000, 0.25)[0]).to.be.closeTo(36000, 48);
      },
      WITHOUT_WEBCODECS,
    );
  });
});

describe('openAudio: what it refuses, and why', () => {
  const refusals: [string, () => Promise<Blob> | Blob, string, RegExp][] = [
    ['a text', () => new Blob(['To be, or not to be, '.repeat(1000)]), 'not-audio', /not an audio or video file/],
    [
      'a picture',
      async () => (await fetch('data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==')).blob(),
      'not-audio',
      /not an audio or video file/,
    ],
    ['an empty file', () => new Blob([]), 'not-audio', /0 bytes/],
    ['a video without sound', () => fixture('no-audio.mp4'), 'not-audio', /no audio track/],
    ['0 seconds', () => wavBlob([new Float32Array(0)], 44100), 'empty-audio', /0 seconds/],
    ['a WAV cut off in its header', () => wavBlob([noise(1000, 1)], 44100).slice(0, 30), 'truncated-audio', /cut off/],
    [
      'a FLAC cut off in its header',
      async () => (await fixture('pattern.flac')).slice(0, 20),
      'truncated-audio',
      /cut off/,
    ],
    ['an MP4 without its index', async () => (await fixture('click.m4a')).slice(0, 9000), 'truncated-audio', /cut off/],
    [
      'a WAV of ADPCM',
      async () => {
        const bytes = new Uint8Array(await wavBlob([noise(1000, 1)], 44100).arrayBuffer());
        bytes[20] = 17;
        return new Blob([bytes]);
      },
      'unsupported-codec',
      /format tag 17.*Convert/,
    ],
    ['an AIFF', () => new Blob(['FORM\0\0\0\x40AIFFCOMM', new Uint8Array(64)]), 'unsupported-codec', /AIFF.*Convert/],
    ['a codec nobody here knows', () => fixture('ac3.mka'), 'unsupported-codec', /AC3.*Convert/],
  ];
  for (const [what, make, code, message] of refusals) {
    it(`refuses ${what} as ${code}`, async () => {
      const error = await rejection(open(await make()));
      expect(error.code).to.equal(code);
      expect(error.message).to.match(message);
    });
  }

  it('says so when an address answers 404, cannot be reached, or is not audio', async () => {
    const missing = await rejection(open('/no/such.wav'));
    expect(missing.code).to.equal('source-unreachable');
    expect(missing.message).to.match(/such\.wav answered 404/);
    const unreachable = await rejection(open('http://127.0.0.1:9/a.wav'));
    expect(unreachable.code).to.equal('source-unreachable');
    expect(unreachable.message).to.match(/CORS/);
    const revoked = URL.createObjectURL(new Blob());
    URL.revokeObjectURL(revoked);
    expect((await rejection(open(revoked))).message).to.match(/revoked.*connect-src blob:/);
    expect((await rejection(open('/package.json'))).code).to.equal('not-audio');
  });

  it('refuses what is no recording without asking the server for it', async () => {
    for (const input of [undefined, null, '', 7, {}, new ArrayBuffer(8), [new Blob()]]) {
      const error = await rejection(open(input as unknown as Blob));
      expect(error.code).to.equal('not-audio');
      expect(error.message).to.match(/Blob/);
    }
  });

  it('says so when there is not enough memory to decode', async () => {
    const fail = () => Promise.reject(new RangeError('Array buffer allocation failed'));
    await withDecodeAudioData(fail, async () => {
      const error = await rejection(openAudio(await fixture('click.mp3'), WITHOUT_WEBCODECS));
      expect(error.code).to.equal('out-of-memory');
      expect(error.message).to.match(/Close other pages/);
    });
  });

  it('says which file is missing when the worker is', async () => {
    const work = openAudio(await fixture('click.mp3'), { assetBase: new URL('/nowhere/', location.href) });
    const error = await rejection(work);
    expect(error.code).to.equal('worker-missing');
    expect(error.message).to.match(/nowhere\/decode\.worker\.js/);
  });
});

describe('openAudio: files that are cut off', () => {
  const cuts: [string, () => Promise<Blob> | Blob, number, number][] = [
    ['WAV', () => wavBlob([noise(88200, 1)], 44100).slice(0, 44 + 88200), 1, 0],
    ['FLAC', async () => (await fixture('pattern.flac')).slice(0, 15000), 0.23, 0.1],
    ['MP3', async () => (await fixture('click.mp3')).slice(0, 8000), 0.95, 0.1],
  ];
  for (const [format, make, duration, tolerance] of cuts) {
    it(`opens what is there of a ${format} and says so`, async () => {
      await withAudio(await make(), async (audio) => {
        expect(audio.duration).to.be.closeTo(duration, tolerance);
        expect(audio.warnings.join()).to.match(/cut off/);
        const [samples] = await audio.source.read(0, audio.source.length);
        expect(samples.length).to.be.closeTo(audio.source.length, 2304);
        expect(samples.subarray(0, 10000).some((value) => value !== 0)).to.equal(true);
      });
    });
  }

  it('decodes on behind damage and keeps everything else in place', async () => {
    const bytes = new Uint8Array(await (await fixture('click.m4a')).arrayBuffer());
    bytes.fill(0xff, 9000, 9300);
    await withAudio(new Blob([bytes]), async ({ source }) => {
      const [samples] = await source.read(0, source.length);
      expect(samples.length).to.equal(72000);
      expect(clickPositions(samples, 48000)).to.deep.equal([24000, 48000]);
    });
  });

  it('says that a file has several audio tracks', async () => {
    await withAudio(await fixture('two-tracks.mka'), (audio) => {
      expect(audio.warnings.join()).to.match(/2 audio tracks/);
    });
  });
});

describe('openAudio: two hours', () => {
  const seconds = noise(44100 * 10, 5);
  const file = repeatedWavBlob([seconds, seconds], 44100, 720);

  it('opens quickly and reads both ends of it', async () => {
    const begun = performance.now();
    await withAudio(file, async ({ source, duration }) => {
      expect(duration).to.equal(7200);
      const end = await source.read(source.length - 1000, 2000);
      const beginning = await source.read(0, 1000);
      expect(performance.now() - begun).to.be.below(3000);
      expect(maxDifference(end[1], seconds.subarray(-1000))).to.equal(0);
      expect(maxDifference(beginning[0], seconds.subarray(0, 1000))).to.equal(0);
    });
  });

  it('works without WebCodecs in PCM', async () => {
    await withAudio(
      file,
      async ({ source }) => {
        const [samples] = await source.read(44100 * 3600, 1000);
        expect(maxDifference(samples, seconds.subarray(0, 1000))).to.equal(0);
      },
      WITHOUT_WEBCODECS,
    );
  });

  it('says what to do where a long MP3 meets no WebCodecs', async () => {
    const part = await fixture('no-xing.mp3');
    const long = new Blob(Array.from({ length: 1100 }, () => part));
    const error = await rejection(openAudio(long, WITHOUT_WEBCODECS));
    expect(error.code).to.equal('unsupported-codec');
    expect(error.message).to.match(/MP3 audio of this length\. Convert the file to WAV/);
  });
});

describe('openAudio: digests', () => {
  const digestOf = (input: Blob | AudioBuffer) => withAudio(input, ({ source }) => source.digest());

  it('gives a file the same digest at every visit, and another one when its last byte changes', async () => {
    const bytes = new Uint8Array(await wavBlob([noise(5_000_000, 1)], 44100).arrayBuffer());
    const first = await digestOf(new Blob([bytes]));
    expect(first).to.match(/^[0-9a-f]{64}$/);
    expect(await digestOf(new Blob([bytes.slice(0, 99), bytes.slice(99)]))).to.equal(first);
    bytes[bytes.length - 1] ^= 1;
    expect(await digestOf(new Blob([bytes]))).not.to.equal(first);
  });

  it('gives a file the digest that its description says', async () => {
    const file = await fixture('click.mp3');
    const hash = async (bytes: Uint8Array<ArrayBuffer>) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    const inner = await hash(new Uint8Array(await file.arrayBuffer()));
    const header = new Uint8Array(new Float64Array([file.size]).buffer);
    const outer = await hash(new Uint8Array([...header, ...inner]));
    const hex = Array.from(outer, (byte) => byte.toString(16).padStart(2, '0')).join('');
    expect(await digestOf(file)).to.equal(hex);
  });

  it('tells buffers apart by their last sample and by their rate', async () => {
    const buffer = (sampleRate: number, last: number) => {
      const made = new AudioBuffer({ numberOfChannels: 2, length: 2_000_000, sampleRate });
      made.getChannelData(1)[1_999_999] = last;
      return made;
    };
    const digests = [];
    for (const input of [buffer(44100, 0), buffer(44100, 0), buffer(44100, 1e-6), buffer(48000, 0)]) {
      digests.push(await digestOf(input));
    }
    expect(digests[1]).to.equal(digests[0]);
    expect(new Set(digests).size).to.equal(3);
  });
});

describe('openAudio: cancelling and closing', () => {
  const file = repeatedWavBlob([noise(441000, 1)], 44100, 360);

  it('rejects with AbortError when cancelled before, while fetching, and while opening', async () => {
    const aborted = AbortSignal.abort();
    expect((await rejection(openAudio(file, { assetBase: ASSETS, signal: aborted }))).name).to.equal('AbortError');
    for (const input of [file, '/test/fixtures/audio/click.mp3']) {
      const controller = new AbortController();
      const work = openAudio(input, { assetBase: ASSETS, signal: controller.signal });
      controller.abort(new Error('a reason of its own'));
      expect((await rejection(work)).name).to.equal('AbortError');
    }
  });

  it('rejects at once when cancelled while the browser decodes a whole file', async () => {
    const controller = new AbortController();
    const never = () => {
      queueMicrotask(() => controller.abort());
      return new Promise<AudioBuffer>(() => {});
    };
    await withDecodeAudioData(never, async () => {
      const work = openAudio(await fixture('click.mp3'), { ...WITHOUT_WEBCODECS, signal: controller.signal });
      expect((await rejection(work)).name).to.equal('AbortError');
    });
  });

  it('gives up a read that is cancelled, and reads on', async () => {
    await withAudio(file, async ({ source }) => {
      const controller = new AbortController();
      const work = source.read(0, 44100 * 3600, controller.signal);
      const begun = performance.now();
      controller.abort();
      expect((await rejection(work)).name).to.equal('AbortError');
      const [samples] = await source.read(441000 * 7, 1000);
      expect(performance.now() - begun).to.be.below(1000);
      expect(maxDifference(samples, noise(441000, 1).subarray(0, 1000))).to.equal(0);
    });
  });

  it('rejects what is under way when it is closed, and what comes after', async () => {
    const buffer = new AudioBuffer({ length: 5_000_000, sampleRate: 44100 });
    for (const input of [file, await fixture('click.mp3'), buffer]) {
      const { source } = await open(input);
      const works = [source.read(0, 4_000_000), source.digest()].map(rejection);
      source.close();
      works.push(rejection(source.read(0, 1)), rejection(source.digest()));
      const errors = await Promise.all(works);
      expect(errors.map((error) => error.name)).to.deep.equal(Array(4).fill('AbortError'));
      source.close();
    }
  });

  it('ends the worker when it is closed, or when opening fails', async () => {
    const ended: boolean[] = [];
    const createWorker = (url: URL) => {
      const worker = moduleWorker(url);
      const index = ended.push(false) - 1;
      const terminate = worker.terminate.bind(worker);
      worker.terminate = () => {
        ended[index] = true;
        terminate();
      };
      return worker;
    };
    await withAudio(await fixture('click.mp3'), () => {}, { createWorker });
    await rejection(openAudio(new Blob(['no']), { assetBase: ASSETS, createWorker }));
    expect(ended).to.deep.equal([true, true]);
  });

  it('says so when the worker dies, instead of waiting for ever', async () => {
    let worker: Worker | null = null;
    const createWorker = (url: URL) => (worker = moduleWorker(url));
    await withAudio(
      file,
      async ({ source }) => {
        const work = rejection(source.read(0, 44100 * 600));
        worker?.dispatchEvent(new ErrorEvent('error', { cancelable: true }));
        expect((await work).code).to.equal('worker-crashed');
      },
      { createWorker },
    );
  });
});

describe('openAudio: what a model hears', () => {
  it('is the mean of the channels or one of them, from a file as from samples', async () => {
    const channels = [noise(70_000, 1), noise(70_000, 2)];
    const buffer = new AudioBuffer({ numberOfChannels: 2, length: 70_000, sampleRate: 44100 });
    channels.forEach((samples, channel) => buffer.copyToChannel(samples, channel));
    for (const input of [wavBlob(channels, 44100), buffer]) {
      await withAudio(input, async ({ source }) => {
        const all = await source.read(30_000, 50_000);
        expect(all[0].length).to.equal(40_000);
        expect(await source.readMono!(30_000, 50_000, null)).to.deep.equal(mixdown(all));
        expect(await source.readMono!(30_000, 50_000, 1)).to.deep.equal(all[1]);
        expect((await source.readMono!(80_000, 10, null)).length).to.equal(0);
      });
    }
  });

  it('takes what is no number for silence, and leaves out nothing that stands beside it', async () => {
    const samples = noise(1000, 1);
    samples[500] = NaN;
    const buffer = new AudioBuffer({ length: 1000, sampleRate: 44100 });
    buffer.copyToChannel(samples, 0);
    await withAudio(buffer, async ({ source }) => {
      samples[500] = 0;
      expect(await source.readMono!(0, 1000, null)).to.deep.equal(samples);
    });
  });
});
