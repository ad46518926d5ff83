/**
 * Mono as the mean of the channels, as librosa and the training code of CLAP models mix down.
 *
 * A sample that is not a finite number (float files can hold NaN and Infinity) counts as silence; one such sample would
 * otherwise spoil every frame that a filter reaches from it.
 *
 * @param channels planar samples, −1…1, one array a channel, all of one length
 * @param out receives the mean, of the same length; a new array by default
 * @returns `out`
 * @throws RangeError when there is no channel or the lengths differ
 */
export function mixdown(
  channels: readonly Float32Array[],
  out = new Float32Array(channels[0]?.length ?? 0),
): Float32Array<ArrayBuffer> {
  const [first, second] = channels;
  if (first === undefined) throw new RangeError('mixdown: at least one channel is needed.');
  for (const { length } of [...channels, out]) {
    if (length !== first.length)
      throw new RangeError(`mixdown: channels of ${first.length} and ${length} samples cannot be mixed.`);
  }
  if (second === undefined) {
    for (let i = 0; i < out.length; i++) out[i] = finiteOrSilence(first[i]!);
  } else if (channels.length === 2) {
    for (let i = 0; i < out.length; i++) out[i] = finiteOrSilence((first[i]! + second[i]!) / 2);
  } else {
    for (let i = 0; i < out.length; i++) {
      let sum = 0;
      for (const channel of channels) sum += channel[i]!;
      out[i] = finiteOrSilence(sum / channels.length);
    }
  }
  return out;
}

function finiteOrSilence(sample: number): number {
  // The difference is NaN for NaN and for both infinities.
  return sample - sample === 0 ? sample : 0;
}
