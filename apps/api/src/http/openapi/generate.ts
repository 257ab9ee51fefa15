import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { controllers } from '../../controllers.js';
import { openApiDocument } from './document.js';

/** `node …/generate.js docs/openapi.json`: writes the document. */
const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('name the file to write');
writeFileSync(file, `${JSON.stringify(openApiDocument(controllers), null, 2)}\n`);
