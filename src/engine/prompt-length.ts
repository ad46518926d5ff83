/** Longest prompt in characters: the text model reads some dozens of words, and the mean over more means nothing. */
export const MAX_PROMPT_LENGTH = 300;
