import { defineComponent } from './component.ts';
import { choice, flag, linearColour, linearColourAlpha, number, withDefault } from './property.ts';

const unit = { minimum: 0, maximum: 1, step: 0.01 };
const MAX_EMISSIVE_STRENGTH = 1000;

export const material = defineComponent(
  'material',
  {
    title: 'Material',
    description: 'The surface of the primitive: the metallic-roughness terms of glTF 2.0 section 3.9.',
  },
  {
    baseColorFactor: withDefault(
      linearColourAlpha({ title: 'Colour', description: 'Linear red, green, blue and opacity.' }),
      [0.5, 0.5, 0.5, 1],
    ),
    metallicFactor: withDefault(
      number({ title: 'Metal', description: '0 is wood or stone, 1 is metal.', ...unit }),
      0,
    ),
    roughnessFactor: withDefault(
      number({ title: 'Roughness', description: '0 is a mirror, 1 is chalk.', ...unit }),
      0.8,
    ),
    emissiveFactor: withDefault(
      linearColour({ title: 'Glow', description: 'Linear colour that it shines by itself.' }),
      [0, 0, 0],
    ),
    emissiveStrength: withDefault(
      number({
        title: 'Glow strength',
        description: 'Multiplies the glow (KHR_materials_emissive_strength).',
        minimum: 0,
        maximum: MAX_EMISSIVE_STRENGTH,
        step: 0.1,
      }),
      1,
    ),
    alphaMode: withDefault(
      choice(['OPAQUE', 'MASK', 'BLEND'], {
        title: 'Transparency',
        description: 'Whether opacity is ignored, cut off at a limit, or blended.',
      }),
      'OPAQUE',
    ),
    alphaCutoff: withDefault(
      number({ title: 'Cut-off', description: 'Opacity below which MASK shows nothing.', ...unit }),
      0.5,
    ),
    doubleSided: withDefault(flag({ title: 'Double-sided', description: 'Shown from behind too.' }), false),
  },
);
