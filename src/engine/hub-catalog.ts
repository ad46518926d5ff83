/** A model on the hub that Earmark is made for. */
export interface HubModel {
  /** Repository on the hub. */
  readonly id: string;
  readonly name: string;
  /** SPDX expression, as the model's authors state it. */
  readonly licence: string;
  /** What it is better at than the built-in model, and than the others. */
  readonly betterAt: string;
  /** What it takes about on the disk, for the CPU; the host states the bytes before they are downloaded. */
  readonly bytes: number;
}

/** Whom to ask for models unless another host is set. */
export const HUB = new URL('https://huggingface.co/');

/** ONNX exports of LAION's CLAP. Sizes: q8 graphs of audio and text, and the tokenizer, as the hub lists them. */
export const HUB_MODELS: readonly HubModel[] = [
  {
    id: 'Xenova/clap-htsat-unfused',
    name: 'CLAP',
    licence: 'Apache-2.0',
    betterAt: 'Free descriptions of sounds, beyond the 527 classes of Pocket. The smallest and fastest of the three.',
    bytes: 163e6,
  },
  {
    id: 'Xenova/larger_clap_general',
    name: 'CLAP, larger, general',
    licence: 'Apache-2.0',
    betterAt: 'Sounds, speech and music together, from more training data. About half as fast.',
    bytes: 207e6,
  },
  {
    id: 'Xenova/larger_clap_music_and_speech',
    name: 'CLAP, larger, music and speech',
    licence: 'Apache-2.0',
    betterAt: 'Music (styles, instruments, moods) and speech. About half as fast.',
    bytes: 207e6,
  },
];
