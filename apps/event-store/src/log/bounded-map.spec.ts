import { expect, it } from '@jest/globals';
import { BoundedMap } from './bounded-map.js';

it('forgets what was used longest ago', () => {
  const map = new BoundedMap<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  expect(map.get('a')).toBe(1);
  map.set('c', 3);
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([1, undefined, 3]);
  map.delete('a');
  map.set('d', 4);
  expect([map.get('c'), map.get('d')]).toEqual([3, 4]);
  map.clear();
  expect(map.get('c')).toBeUndefined();
});
