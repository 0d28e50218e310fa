import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { dataSource, httpsSource } from '@weft/assets';
import { BEHAVIOURS, FileServer, sourceContract, TLS_IDENTITY } from '@weft/testing/assets';
import { nodeGet } from '../src/http/node-get.ts';

setDefaultCACertificates([...getCACertificates(), TLS_IDENTITY.cert]);

sourceContract('[AS3] files within their addresses', async () => ({
  scheme: 'data',
  sources: { data: dataSource },
  put: async (bytes, type) => `data:${type};base64,${Buffer.from(bytes).toString('base64')}`,
  missing: null,
  stuck: null,
  stop: async () => undefined,
}));

sourceContract('[AS3] files of a web server', async () => {
  const server = await FileServer.start();
  const origin = `https://127.0.0.1:${server.port}`;
  server.at('/stuck', BEHAVIOURS.silent());
  let files = 0;
  return {
    scheme: 'https',
    sources: { https: httpsSource(nodeGet({ allowed: ['127.0.0.0/8'] })) },
    async put(bytes, type) {
      files += 1;
      server.at(`/${files}`, files % 2 === 0 ? BEHAVIOURS.streams(bytes) : BEHAVIOURS.gives(bytes, type));
      return `${origin}/${files}`;
    },
    missing: `${origin}/missing`,
    stuck: `${origin}/stuck`,
    stop: () => server.close(),
  };
});
