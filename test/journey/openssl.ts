import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Makes `client.key` and `client.csr` in the folder. @returns path of the CSR */
export const makeCsr = async (folder: string): Promise<string> => {
  const csr = join(folder, 'client.csr');
  await run('openssl', [
    'req',
    '-new',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    '/O=system:masters/CN=admin',
    '-keyout',
    join(folder, 'client.key'),
    '-out',
    csr,
  ]);
  return csr;
};

/** What `openssl verify` says of the certificate: `<file>: OK`, or throws. */
export const verify = async (caFile: string, certificateFile: string): Promise<string> =>
  (await run('openssl', ['verify', '-CAfile', caFile, certificateFile])).stdout;

/** Makes an RSA key pair for servers. @returns path of the public half */
export const makeSshKey = async (folder: string): Promise<string> => {
  const file = join(folder, 'key');
  await run('ssh-keygen', ['-q', '-t', 'rsa', '-b', '2048', '-N', '', '-f', file]);
  return `${file}.pub`;
};
