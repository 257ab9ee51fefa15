import 'reflect-metadata';
import { runWithHealth } from '@jeroboam/platform/bootstrap/run-with-health';
import { configured } from '@jeroboam/platform/config/configured';
import { conductorSection } from './config.js';
import { serve } from './serve.js';

const config = configured(conductorSection, process.env);

await runWithHealth({ name: 'conductor', ...config }, (around) => serve(config, around));
