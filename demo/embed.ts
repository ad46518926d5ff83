import WaveSurfer from 'wavesurfer.js';
import { Earmark } from 'earmark/wavesurfer';
import 'earmark/ui';

const wavesurfer = WaveSurfer.create({ container: '#wave', url: './media/demo.flac' });
const earmark = wavesurfer.registerPlugin(
  Earmark.create({ assetBase: new URL('./earmark/', document.baseURI) }), // a copy of node_modules/earmark/dist
);
document.querySelector('earmark-panel')!.earmark = earmark;

const barks = await earmark.find('dog bark'); // waits for the recording and its analysis
console.log(barks.map(({ start, end, score }) => ({ start, end, score })));
