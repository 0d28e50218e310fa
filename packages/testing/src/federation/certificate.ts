import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SCRIPT = fileURLToPath(new URL('certificate.py', import.meta.url));

/** Files in PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly privateKey: string;
}

/** Makes a self-signed certificate for localhost in `folder`; takes some 150 ms. @param python Synapse's */
export async function makeCertificate(python: string, folder: string): Promise<Certificate> {
  const files = { certificate: join(folder, 'tls.crt'), privateKey: join(folder, 'tls.key') };
  await promisify(execFile)(python, ['-B', SCRIPT, files.certificate, files.privateKey]);
  return files;
}
