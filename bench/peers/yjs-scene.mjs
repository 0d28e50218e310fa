import * as Y from 'yjs';

// One Y.Map of objects, each a Y.Map of its properties, so that two people can change one object at once.

export function fill(doc, records) {
  doc.transact(() => {
    const objects = doc.getMap('objects');
    for (const { id, values } of records) objects.set(id, new Y.Map(Object.entries(values)));
  });
}

export function sceneOf(doc, moved) {
  const objects = doc.getMap('objects');
  return {
    /** To be called once the document is there: what comes from others is told from then on. */
    follow() {
      objects.observeDeep((events, transaction) => {
        if (transaction.local) return;
        for (const event of events) {
          const position = event.target.get('transform.position');
          if (event.keys.has('transform.position')) moved(position[0]);
        }
      });
    },
    objects: () => objects.size,
    move: (id, position) => objects.get(id).set('transform.position', position),
  };
}
