import type { Section, Values } from '@jeroboam/platform/config/configuration';
import {
  dataDirSetting,
  eventStoreSection,
  httpSection,
  loggingSection,
  natsSection,
} from '@jeroboam/platform/config/sections';

/** All settings of the stats service. */
export const statsSection = {
  eventStore: eventStoreSection,
  nats: natsSection,
  http: httpSection(9523),
  logging: loggingSection,
  dataDir: dataDirSetting,
} satisfies Section;

export type Config = Values<typeof statsSection>;
