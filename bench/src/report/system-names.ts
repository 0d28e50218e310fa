const NAMES: Readonly<Record<string, string>> = {
  floor: '`ws` alone',
  hocuspocus: 'Hocuspocus',
  colyseus: 'Colyseus',
  'colyseus, best': 'Colyseus at its best',
  'floor, ticked': '`ws` in ticks of 16 ms',
  weft: 'Weft',
  'weft, best': 'Weft without a budget',
};

/** What another system is called in prose. */
export function nameOfSystem(system: string): string {
  return NAMES[system] ?? system;
}
