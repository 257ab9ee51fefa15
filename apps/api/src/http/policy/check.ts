import 'reflect-metadata';
import { readPolicyConfig } from '../../config.js';
import { reportOn } from './report.js';

/** `npm run policy:check -- …`: see `--help`. */
const { lines, exitCode } = reportOn(process.argv.slice(2), () => readPolicyConfig(process.env));
process.stdout.write(`${lines.join('\n')}\n`);
process.exitCode = exitCode;
