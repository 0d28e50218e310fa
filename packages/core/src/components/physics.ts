import { defineComponent } from './component.ts';
import { choice, flag, number, withDefault } from './property.ts';

const MAX_MASS_KILOGRAMS = 1_000_000;
const unit = { minimum: 0, maximum: 1, step: 0.05 };

export const physics = defineComponent(
  'physics',
  { title: 'Physics', description: 'How it takes part in collisions.' },
  {
    type: withDefault(
      choice(['static', 'kinematic', 'dynamic'], {
        title: 'Type',
        description: 'Never moves, is moved by people and scripts, or falls.',
      }),
      'static',
    ),
    collider: withDefault(
      choice(['auto', 'box', 'sphere', 'capsule', 'hull', 'none'], {
        title: 'Collider',
        description: 'auto takes the primitive, or the bounds of the model.',
      }),
      'auto',
    ),
    mass: withDefault(
      number({
        title: 'Mass',
        description: 'Of a dynamic body.',
        unit: 'kg',
        minimum: 0.001,
        maximum: MAX_MASS_KILOGRAMS,
        step: 0.1,
      }),
      1,
    ),
    friction: withDefault(number({ title: 'Friction', description: '0 is ice.', ...unit }), 0.5),
    restitution: withDefault(number({ title: 'Bounce', description: '1 loses nothing.', ...unit }), 0),
    sensor: withDefault(flag({ title: 'Sensor', description: 'Notices contact and stops nothing.' }), false),
  },
);
