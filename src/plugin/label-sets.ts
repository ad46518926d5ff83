/** Labels that answer one question together. */
export interface LabelSet {
  readonly name: string;
  readonly labels: readonly string[];
  /** Whether exactly one of the labels is the answer; else each is heard or not by itself. */
  readonly isExclusive: boolean;
}

function listed(labels: string): string[] {
  return labels.split(',').map((label) => label.trim());
}

/** Ready-made questions. Wordings are those that CLAP is usually asked in; the built-in model reads them too. */
export const LABEL_SETS: readonly LabelSet[] = [
  {
    name: 'Everyday sounds',
    isExclusive: false,
    labels: listed(`
      speech, conversation, crowd, shouting, laughter, crying baby, singing, cough, breathing,
      footsteps, applause, dog bark, cat meowing, birds, crickets, rooster, horse, sheep, cow, wind,
      rain, thunder, water stream, sea waves, fire crackling, car passing by, car horn, motorcycle,
      train, airplane, helicopter, bicycle bell, engine, siren, alarm, church bell, door, knocking,
      glass breaking, keys jangling, typing on a keyboard, mouse click, telephone ring,
      clock ticking, dishes, running tap, vacuum cleaner, hammer, saw, drill, explosion, gunshot,
      fireworks, beep, whoosh, music, drums, guitar, piano, white noise, hum`),
  },
  {
    name: 'Instruments',
    isExclusive: false,
    labels: listed(`
      acoustic guitar, electric guitar, bass guitar, piano, organ, synthesizer, drum kit,
      percussion, violin, cello, double bass, harp, flute, clarinet, saxophone, trumpet, trombone,
      French horn, accordion, harmonica, banjo, mandolin, ukulele, sitar, bagpipes, marimba, bell,
      singing`),
  },
  {
    name: 'Music genres',
    isExclusive: true,
    labels: listed(`
      pop music, rock music, heavy metal, punk rock, hip hop music, rhythm and blues, soul music,
      jazz, blues, country music, folk music, reggae, funk, disco, classical music, opera,
      electronic music, house music, techno, drum and bass, ambient music, salsa music, flamenco`),
  },
  {
    name: 'Kinds of voice',
    isExclusive: false,
    labels: listed(`
      man speaking, woman speaking, child speaking, whispering, shouting, screaming, singing,
      humming, laughter, crying, sighing, coughing, sneezing, breathing, chewing, whistling`),
  },
  {
    name: 'Feeling in a voice',
    isExclusive: true,
    labels: listed(`
      a neutral voice, a happy voice, a sad voice, an angry voice, a frightened voice,
      a surprised voice`),
  },
  {
    name: 'How many people speak',
    isExclusive: true,
    labels: listed(`
      one person speaking, two people talking, several people talking,
      a crowd talking`),
  },
  {
    name: 'Places',
    isExclusive: true,
    labels: listed(`
      street with traffic, quiet residential street, restaurant, office, railway station,
      inside a car, shopping mall, sports stadium, church, kitchen, workshop, forest, beach, farm,
      small room`),
  },
];
