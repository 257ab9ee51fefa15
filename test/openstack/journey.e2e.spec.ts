import { tempFolder } from '@jeroboam/testing/temp-folder';
import { Installation } from '../journey/installation.js';
import { journey } from '../journey/journey.js';

/** The port the catalog of the cloud made by up.sh has for the API. */
const BASE_PORT = 9511;

const authUrl = process.env['OS_AUTH_URL'] ?? 'http://127.0.0.1:5000/v3';
const password = process.env['OS_PASSWORD'] ?? 'sandbox';

journey({
  name: 'a real OpenStack',
  settleTimeoutMs: 420_000,
  open: async () => {
    const folder = tempFolder('journey-');
    const installation = await Installation.start({
      home: folder.path,
      basePort: BASE_PORT,
      cloud: {
        OS_AUTH_URL: authUrl,
        OS_USERNAME: 'jeroboam',
        OS_PASSWORD: password,
        OS_PROJECT_NAME: 'service',
        OS_REGION_NAME: 'RegionOne',
        // Servers of the test cloud never boot.
        JEROBOAM_HEALTH_POLLING_INTERVAL_SECONDS: '-1',
        JEROBOAM_TRUSTEE_DOMAIN_NAME: 'jeroboam',
        JEROBOAM_TRUSTEE_DOMAIN_ADMIN_NAME: 'jeroboam_domain_admin',
        JEROBOAM_TRUSTEE_DOMAIN_ADMIN_PASSWORD: password,
      },
    });
    return {
      installation,
      authUrl,
      password,
      close: () => {
        folder.remove();
        return Promise.resolve();
      },
    };
  },
});
