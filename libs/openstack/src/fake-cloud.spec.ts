import { cloudContract } from './contract/cloud.contract.js';
import { fakedCloud } from './contract/faked-cloud.js';

cloudContract('the fakes', async () => await Promise.resolve(fakedCloud()));
