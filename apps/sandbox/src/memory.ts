import v8 from 'node:v8';

// Imported before anything else: an idle stand-in should stay small, and its bursts are short.
v8.setFlagsFromString('--optimize-for-size');
v8.setFlagsFromString('--semi-space-growth-factor=1');
