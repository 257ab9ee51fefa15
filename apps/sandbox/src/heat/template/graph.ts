import { HeatError } from '../heat-error.js';

/** Names of what each one needs. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

const circle = (graph: Graph, from: string): string[] => {
  const trail: string[] = [];
  let here: string | undefined = from;
  while (here !== undefined && !trail.includes(here)) {
    trail.push(here);
    here = [...(graph.get(here) ?? [])].find((name) => (graph.get(name)?.size ?? 0) > 0);
  }
  return trail;
};

/**
 * The names, each behind all that it needs.
 * @throws HeatError CircularDependencyException
 */
export const inOrder = (graph: Graph): string[] => {
  const waiting = new Map([...graph].map(([name, needs]) => [name, new Set(needs)]));
  const order: string[] = [];
  while (waiting.size > 0) {
    const ready = [...waiting].filter(([, needs]) =>
      [...needs].every((need) => !waiting.has(need)),
    );
    const [stuck] = waiting.keys();
    if (ready.length === 0 && stuck !== undefined) {
      throw new HeatError(
        400,
        'CircularDependencyException',
        `Circular Dependency Found: {${circle(waiting, stuck).join(', ')}}`,
      );
    }
    for (const [name] of ready) {
      order.push(name);
      waiting.delete(name);
    }
  }
  return order;
};
