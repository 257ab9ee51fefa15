import { describe, expect, test } from '@jest/globals';
import { masterSizeFault } from './driver.js';
import { driverFor, driverNamed, DRIVERS } from './registry.js';

describe('finding a driver', () => {
  test('by the type of cluster', () => {
    const name = (os: string, coe: string) => driverFor({ serverType: 'vm', os, coe }).name;
    expect(name('fedora-coreos', 'kubernetes')).toBe('k8s_fedora_coreos_v1');
    expect(name('fedora-atomic', 'swarm')).toBe('swarm_fedora_atomic_v1');
  });

  test('by its name', () => {
    expect(driverNamed('swarm_fedora_atomic_v1').provides[0]?.coe).toBe('swarm');
  });

  test('refuses what it does not know in the words clients know', () => {
    expect(() => driverFor({ serverType: 'vm', os: 'ubuntu', coe: 'kubernetes' })).toThrow(
      'Cluster type (vm, ubuntu, kubernetes) not supported.',
    );
    expect(() => driverFor({ serverType: 'bm', os: null, coe: 'mesos' })).toThrow(
      'Cluster type (bm, None, mesos) not supported.',
    );
    expect(() => driverNamed('k8s_fake')).toThrow('Cluster driver (k8s_fake) not supported.');
  });

  test('names are unique', () => {
    expect(new Set(DRIVERS.map(({ name }) => name)).size).toBe(DRIVERS.length);
  });
});

test('masters are odd in number', () => {
  expect([1, 3, 5].map(masterSizeFault)).toEqual([null, null, null]);
  expect(masterSizeFault(2)).toBe(
    'master nodegroup size of 2 is invalid, size cannot be an even number.',
  );
  expect(masterSizeFault(0)).toBe(
    'master nodegroup size of 0 is invalid, size cannot be less than 1.',
  );
});
