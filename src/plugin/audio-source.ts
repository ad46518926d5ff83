/** What can be opened: an encoded file, decoded samples, or where to fetch a file. */
export type AudioInput = Blob | AudioBuffer | URL | string;
