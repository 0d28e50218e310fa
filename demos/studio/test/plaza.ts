import type { EditDraft } from '@weft/core';

/** A square with a bit of everything that studio can show. */
export function seedPlaza(e: EditDraft): void {
  e.add({
    node: { name: 'Sky' },
    sky: { kind: 'gradient', topColor: '#6fa8dc', bottomColor: '#e6edf3', ambient: 1.2 },
  });
  e.add({
    node: { name: 'Sun' },
    transform: { position: [6, 9, 5], rotation: [-0.36, 0.33, 0.14, 0.86] },
    light: { type: 'directional', color: [1, 0.95, 0.86], intensity: 2.4 },
  });
  e.add({
    node: { name: 'Ground' },
    primitive: { shape: 'plane', size: [24, 0, 24] },
    material: { baseColorFactor: [0.42, 0.4, 0.36, 1], roughnessFactor: 0.95 },
  });
  const fountain = e.add({ node: { name: 'Fountain', kind: 'fountain', tags: ['water'] } });
  e.add({
    parent: fountain,
    node: { name: 'Basin' },
    transform: { position: [0, 0.25, 0] },
    primitive: { shape: 'cylinder', size: [4, 0.5, 4] },
    material: { baseColorFactor: [0.55, 0.54, 0.5, 1] },
  });
  e.add({
    parent: fountain,
    node: { name: 'Water' },
    transform: { position: [0, 0.51, 0] },
    primitive: { shape: 'cylinder', size: [3.5, 0.04, 3.5] },
    material: { baseColorFactor: [0.05, 0.3, 0.45, 0.8], roughnessFactor: 0.1, alphaMode: 'BLEND' },
  });
  e.add({
    parent: fountain,
    node: { name: 'Column' },
    transform: { position: [0, 1, 0] },
    primitive: { shape: 'cylinder', size: [0.5, 1.5, 0.5] },
    material: { baseColorFactor: [0.6, 0.59, 0.55, 1] },
  });
  e.add({
    parent: fountain,
    node: { name: 'Bowl' },
    transform: { position: [0, 1.8, 0] },
    primitive: { shape: 'sphere', size: [1.2, 0.5, 1.2] },
    material: { baseColorFactor: [0.6, 0.59, 0.55, 1] },
  });
  const lamps = e.add({ node: { name: 'Lamps' } });
  for (const [at, [x, z]] of (
    [
      [-4.5, -4.5],
      [4.5, -4.5],
      [4.5, 4.5],
      [-4.5, 4.5],
    ] as const
  ).entries()) {
    const lamp = e.add({
      parent: lamps,
      node: { name: `Lamp ${at + 1}`, kind: 'lamp' },
      transform: { position: [x, 0, z] },
    });
    e.add({
      parent: lamp,
      node: { name: 'Post' },
      transform: { position: [0, 1.5, 0] },
      primitive: { shape: 'cylinder', size: [0.12, 3, 0.12] },
      material: { baseColorFactor: [0.05, 0.06, 0.07, 1], metallicFactor: 0.6, roughnessFactor: 0.4 },
    });
    e.add({
      parent: lamp,
      node: { name: 'Globe' },
      transform: { position: [0, 3.1, 0] },
      primitive: { shape: 'sphere', size: [0.4, 0.4, 0.4] },
      material: { baseColorFactor: [1, 0.9, 0.7, 1], emissiveFactor: [1, 0.78, 0.45], emissiveStrength: 1.2 },
    });
    if (at === 0)
      e.add({
        parent: lamp,
        node: { name: 'Glow' },
        transform: { position: [0, 3.1, 0] },
        light: { type: 'point', color: [1, 0.8, 0.55], intensity: 12, range: 10 },
      });
  }
  const seating = e.add({ node: { name: 'Seating' } });
  e.add({
    parent: seating,
    node: { name: 'Oak table', tags: ['furniture'] },
    interact: { grabbable: true },
    transform: { position: [5, 0, 0.5] },
    mesh: {
      src: 'mxc://example.org/table',
      bytes: 13_912,
      bounds: { min: [-0.8, 0, -0.45], max: [0.8, 0.75, 0.45] },
    },
  });
  e.add({
    parent: seating,
    node: { name: 'Lost statue' },
    transform: { position: [-5.5, 0, 0] },
    mesh: { src: 'mxc://example.org/gone', bounds: { min: [-0.5, 0, -0.5], max: [0.5, 2, 0.5] } },
  });
  e.add({
    parent: seating,
    node: { name: 'Bench' },
    seat: { offset: [0, 0.25, 0], label: 'Sit on the bench' },
    transform: { position: [0, 0.25, 5] },
    primitive: { size: [2.2, 0.5, 0.6] },
    material: { baseColorFactor: [0.3, 0.17, 0.08, 1] },
  });
  e.add({
    node: { name: 'Welcome sign' },
    transform: { position: [0, 3.2, -4] },
    text: { value: 'Welcome to the plaza', size: 0.6, color: '#1b2b3f' },
  });
  e.add({
    node: { name: 'Arrival' },
    transform: { position: [0, 0, 8] },
    spawn: { name: 'main', default: true },
  });
  e.add({
    node: { name: 'Vault', locked: true },
    transform: { position: [-8, 0.5, -8] },
    primitive: { shape: 'box' },
    'acme:door': { open: false },
  });
}
