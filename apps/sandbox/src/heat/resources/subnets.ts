import type { Json, JsonMap } from '../json.js';
import { equalJson, mapOf } from '../json.js';
import type { Kind } from './kind.js';

/**
 * What is put on a network of the same template needs the network's subnets there first, though
 * it names the network alone.
 */
export const networkSubnets =
  (networksOf: (properties: JsonMap) => readonly Json[]): NonNullable<Kind['needs']> =>
  (definition, others) => {
    const networks = networksOf(mapOf(definition.properties)).filter((one) => one !== null);
    return others.filter((other) => {
      const { network, network_id: id } = mapOf(other.properties);
      const its = network ?? id;
      return (
        other.type === 'OS::Neutron::Subnet' &&
        its !== undefined &&
        networks.some((one) => equalJson(one, its))
      );
    });
  };
