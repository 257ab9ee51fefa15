import { tempFolder } from '@jeroboam/testing/temp-folder';
import { Installation } from './installation.js';
import { journey } from './journey.js';

const BASE_PORT = 17_511;

journey({
  name: 'the sandbox',
  settleTimeoutMs: 120_000,
  open: async () => {
    const folder = tempFolder('journey-');
    const installation = await Installation.start({
      home: folder.path,
      basePort: BASE_PORT,
      slowness: 4,
    });
    return {
      installation,
      authUrl: `${installation.sandboxUrl}/identity/v3`,
      password: 'sandbox',
      close: () => {
        folder.remove();
        return Promise.resolve();
      },
    };
  },
});
