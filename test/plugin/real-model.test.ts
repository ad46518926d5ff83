import { expect } from '@open-wc/testing';
import WaveSurfer from 'wavesurfer.js';
import { createEarmark } from '../../src/plugin/index.js';
import { Earmark } from '../../src/plugin/host/wavesurfer.js';
