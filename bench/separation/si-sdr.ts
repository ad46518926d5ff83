/**
 * Scale-invariant signal-to-distortion ratio in dB (Le Roux et al., "SDR – half-baked or well done?", ICASSP 2019):
 * of the estimate, what is the reference at some gain, against all else.
 */
export function siSdr(reference: Float32Array, estimate: Float32Array): number {
  let [product, power] = [0, 0];
  for (let i = 0; i < reference.length; i += 1) {
    product += reference[i] * estimate[i];
    power += reference[i] ** 2;
  }
  const gain = product / power;
  let [signal, distortion] = [0, 0];
  for (let i = 0; i < reference.length; i += 1) {
    const wanted = gain * reference[i];
    signal += wanted ** 2;
    distortion += (estimate[i] - wanted) ** 2;
  }
  return 10 * Math.log10(signal / distortion);
}
