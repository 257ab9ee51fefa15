import { cloudContract } from './contract/cloud.contract.js';
import { reachedCloud, seededConfig } from './contract/reached-cloud.js';
import { startSandbox } from './contract/sandbox-process.js';

cloudContract('the sandbox', async () => {
  const sandbox = await startSandbox();
  const cloud = reachedCloud(seededConfig(`${sandbox.url}/identity/v3`));
  return {
    ...cloud,
    close: async () => {
      await cloud.close();
      await sandbox.stop();
    },
  };
});
