import type { Log } from '@jeroboam/platform/logging/log';

/** Domain code that writes to a log: what the boundaries forbid. */
export const breach = (log: Log): void => {
  log.info('The canary sings');
};
