import 'reflect-metadata';
import { runWithHealth } from '@jeroboam/platform/bootstrap/run-with-health';
import { configured } from '@jeroboam/platform/config/configured';
import { statsSection } from './config.js';
import { serve } from './serve.js';

const config = configured(statsSection, process.env);

await runWithHealth({ name: 'stats', ...config }, (around) => serve(config, around));
