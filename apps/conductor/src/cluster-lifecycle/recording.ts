import type { Metadata } from '@jeroboam/eventing/message';
import type { ClusterCommand } from '@jeroboam/domain/cluster/commands';
import { serviceMetadata } from '../service-metadata.js';
import type { Effect } from './workflow/situation.js';

/** Recording the same fact of the same operation again has the same id, whichever conductor does it. */
export const metadataOf = (command: ClusterCommand, { operation, kind }: Effect): Metadata =>
  serviceMetadata(operation.id, `${operation.id}/${kind}/${command.type}${factOf(command)}`);

/** What tells two facts of one kind in one operation apart. */
const factOf = (command: ClusterCommand): string =>
  command.type === 'RecordStackCreation' ? `/${command.data.stackId}` : '';
