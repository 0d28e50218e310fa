import { Type } from 'typebox';
import { defineComponent } from './component.ts';
import { assetProperties, point, thumbnail } from './property.ts';

const corner = { title: 'Corner', description: 'A corner of the box, metres in the object.' };

export const mesh = defineComponent(
  'mesh',
  { title: 'Model', description: 'A binary glTF 2.0 model (GLB).' },
  {
    ...assetProperties('model'),
    bounds: Type.Immutable(
      Type.Object(
        { min: point(corner), max: point(corner) },
        {
          title: 'Bounds',
          description:
            'Box round the model, metres in the object; written at import, since readers of the graph decode no glTF.',
          editor: 'json',
          readOnly: true,
        },
      ),
    ),
    thumbnail: thumbnail(),
  },
);
