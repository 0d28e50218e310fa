/** What a code of the Khronos validator means, and what the author of the model can do. */
export interface PlainWords {
  readonly says: string;
  readonly advice: string;
}

const EXPORT_AGAIN = 'Export it again with a current exporter; the file may be damaged.';
const RECALCULATE = 'Recalculate normals and tangents in the modelling program, and export again.';
const EXPORTER_BUG = 'The exporter wrote it wrongly: export with a current version, or another program.';
const ADVISORY = 'It will be shown; mend it when you export the next time.';

/** The codes that models out of modelling programs have most often. */
const WORDS: Readonly<Record<string, PlainWords>> = {
  ACCESSOR_INDEX_OOB: {
    says: 'A triangle uses a vertex that does not exist.',
    advice: EXPORT_AGAIN,
  },
  ACCESSOR_INDEX_TRIANGLE_DEGENERATE: {
    says: 'Some triangles have no area.',
    advice: 'Merge vertices by distance, or optimise when you publish.',
  },
  ACCESSOR_INVALID_FLOAT: {
    says: 'A number is not one (NaN or infinite).',
    advice: 'Look for objects of scale zero or broken vertices, and export again.',
  },
  ACCESSOR_MIN_MISMATCH: {
    says: 'The model says that a part begins elsewhere than it does.',
    advice: EXPORTER_BUG,
  },
  ACCESSOR_MAX_MISMATCH: {
    says: 'The model says that a part ends elsewhere than it does.',
    advice: EXPORTER_BUG,
  },
  ACCESSOR_ELEMENT_OUT_OF_MIN_BOUND: {
    says: 'Vertices lie outside the bounds that the model states.',
    advice: EXPORTER_BUG,
  },
  ACCESSOR_ELEMENT_OUT_OF_MAX_BOUND: {
    says: 'Vertices lie outside the bounds that the model states.',
    advice: EXPORTER_BUG,
  },
  ACCESSOR_TOO_LONG: { says: 'A part of the model lies past the end of its data.', advice: EXPORT_AGAIN },
  ACCESSOR_VECTOR3_NON_UNIT: {
    says: 'Normals or tangents do not have length one, so that shading looks wrong.',
    advice: RECALCULATE,
  },
  ACCESSOR_INVALID_SIGN: { says: 'Tangents have no handedness.', advice: RECALCULATE },
  ACCESSOR_NON_CLAMPED: {
    says: 'Colours or weights are outside 0 to 1.',
    advice: 'Clamp vertex colours and weights, and export again.',
  },
  ACCESSOR_WEIGHTS_NON_NORMALIZED: {
    says: 'Bone weights of a vertex do not add up to one.',
    advice: 'Normalise all weights in the modelling program, and export again.',
  },
  ACCESSOR_JOINTS_INDEX_DUPLICATE: {
    says: 'A vertex is bound to the same bone twice.',
    advice: 'Clean up vertex groups, and export again.',
  },
  ACCESSOR_JOINTS_USED_ZERO_WEIGHT: {
    says: 'Bones are named that move nothing.',
    advice: ADVISORY,
  },
  ACCESSOR_ANIMATION_INPUT_NON_INCREASING: {
    says: 'Times of an animation do not go forward.',
    advice: 'Bake the animation, and export again.',
  },
  ANIMATION_CHANNEL_TARGET_NODE_SKIN: {
    says: 'An animation moves a skinned mesh, which only its bones can.',
    advice: 'Animate the armature instead.',
  },
  BUFFER_BYTE_LENGTH_MISMATCH: { says: 'The file has fewer bytes than it says.', advice: EXPORT_AGAIN },
  BUFFER_VIEW_TARGET_MISSING: {
    says: 'The file does not say what some data is for.',
    advice: ADVISORY,
  },
  DATA_URI_GLB: {
    says: 'Textures or data lie in the file as text, a third larger than needed.',
    advice: 'Publish with optimising, or export as binary glTF.',
  },
  IMAGE_DATA_INVALID: {
    says: 'A texture cannot be read.',
    advice: 'Save the texture anew as PNG or JPEG, and export again.',
  },
  IMAGE_UNEXPECTED_EOS: {
    says: 'A texture is cut off.',
    advice: 'Save the texture anew, and export again.',
  },
  IMAGE_UNRECOGNIZED_FORMAT: {
    says: 'A texture is in a format that glTF does not know.',
    advice: 'Use PNG or JPEG; WebP and KTX2 with their extensions.',
  },
  IMAGE_MIME_TYPE_INVALID: {
    says: 'A texture is of another format than it says.',
    advice: 'Save the texture under its right format, and export again.',
  },
  IMAGE_NON_ENABLED_MIME_TYPE: {
    says: 'A texture needs an extension that the model does not name.',
    advice: 'Export textures as PNG or JPEG.',
  },
  IMAGE_NPOT_DIMENSIONS: {
    says: 'A texture’s sides are no powers of two.',
    advice: ADVISORY,
  },
  IMAGE_FEATURES_UNSUPPORTED: {
    says: 'A texture has a colour profile or an animation, which is ignored.',
    advice: 'Save it as plain sRGB.',
  },
  KHR_LIGHTS_PUNCTUAL_LIGHT_SPOT_ANGLES: {
    says: 'A spot light’s inner cone is wider than its outer one.',
    advice: 'Make the outer angle larger.',
  },
  MATERIAL_ALPHA_CUTOFF_INVALID_MODE: {
    says: 'A material has a cut-off that has no effect.',
    advice: ADVISORY,
  },
  MESH_PRIMITIVE_GENERATED_TANGENT_SPACE: {
    says: 'Normal maps lack tangents, so that programs may shade them differently.',
    advice: 'Tick “Tangents” when exporting.',
  },
  MESH_PRIMITIVE_NO_TANGENT_SPACE: {
    says: 'A material needs tangents that its mesh does not have.',
    advice: 'Tick “Tangents” when exporting.',
  },
  MESH_PRIMITIVE_NO_POSITION: {
    says: 'A mesh has no vertices to show.',
    advice: 'Delete it, and export again.',
  },
  MESH_PRIMITIVE_TOO_FEW_TEXCOORDS: {
    says: 'A textured material is on a mesh without texture coordinates.',
    advice: 'Unwrap the mesh (UV), or take the texture off.',
  },
  MESH_PRIMITIVE_UNEQUAL_ACCESSOR_COUNT: {
    says: 'A mesh has more of one vertex property than of another.',
    advice: EXPORT_AGAIN,
  },
  MESH_PRIMITIVE_INCOMPATIBLE_MODE: {
    says: 'A mesh has vertices left over that make no whole triangle.',
    advice: EXPORT_AGAIN,
  },
  MULTIPLE_EXTENSIONS: {
    says: 'A material uses extensions that may not go together.',
    advice: 'Look at it in several viewers.',
  },
  NODE_EMPTY: { says: 'A node holds nothing.', advice: ADVISORY },
  NODE_MATRIX_NON_TRS: {
    says: 'A node is skewed, which position, rotation and scale cannot say.',
    advice: 'Apply scale and rotation to the object and its parents, and export again.',
  },
  NODE_SKINNED_MESH_LOCAL_TRANSFORMS: {
    says: 'A skinned mesh is moved, which has no effect.',
    advice: 'Apply its transform in the modelling program.',
  },
  NODE_SKINNED_MESH_NON_ROOT: {
    says: 'A skinned mesh hangs from a node that has no effect on it.',
    advice: ADVISORY,
  },
  ROTATION_NON_UNIT: {
    says: 'A rotation is not a unit quaternion.',
    advice: EXPORTER_BUG,
  },
  UNDECLARED_EXTENSION: {
    says: 'An extension is used that the model does not declare.',
    advice: EXPORTER_BUG,
  },
  UNEXPECTED_PROPERTY: {
    says: 'There are properties that glTF does not know; they are kept.',
    advice: ADVISORY,
  },
  UNRESOLVED_REFERENCE: {
    says: 'The model refers to a part that is not in it.',
    advice: EXPORT_AGAIN,
  },
  UNSUPPORTED_EXTENSION: {
    says: 'An extension is used that the validator cannot check.',
    advice: 'Look at the model in several viewers.',
  },
  UNUSED_OBJECT: {
    says: 'Parts of the file are never used.',
    advice: 'Publish with optimising, which leaves them out.',
  },
  URI_GLB: { says: 'Data lies outside the file.', advice: 'Export with everything embedded.' },
};

/** For what is rarer: what the beginning of a code says. */
const FAMILIES: readonly (readonly [prefix: string, words: PlainWords])[] = [
  ['GLB_', { says: 'The container of the file is damaged.', advice: EXPORT_AGAIN }],
  ['IMAGE_', { says: 'Something is wrong with a texture.', advice: 'Save it anew as PNG or JPEG.' }],
  ['ANIMATION_', { says: 'Something is wrong with an animation.', advice: 'Bake it, and export again.' }],
  [
    'ACCESSOR_ANIMATION_',
    { says: 'Something is wrong with an animation.', advice: 'Bake it, and export again.' },
  ],
  [
    'ACCESSOR_JOINTS_',
    { says: 'Something is wrong with bones.', advice: 'Clean up vertex groups, and export again.' },
  ],
  [
    'ACCESSOR_WEIGHTS_',
    { says: 'Something is wrong with bone weights.', advice: 'Normalise all weights, and export again.' },
  ],
  ['ACCESSOR_', { says: 'Something is wrong with vertices or other numbers.', advice: EXPORT_AGAIN }],
  ['BUFFER_', { says: 'Something is wrong with where data lies in the file.', advice: EXPORT_AGAIN }],
  ['CAMERA_', { says: 'Something is wrong with a camera.', advice: 'Delete it: worlds do not use cameras.' }],
  ['SKIN_', { says: 'Something is wrong with a skeleton.', advice: 'Check the armature, and export again.' }],
  ['NODE_', { says: 'Something is wrong with the tree of the model.', advice: EXPORT_AGAIN }],
  ['SCENE_', { says: 'Something is wrong with the tree of the model.', advice: EXPORT_AGAIN }],
  ['MESH_', { says: 'Something is wrong with a mesh.', advice: EXPORT_AGAIN }],
  ['MATERIAL_', { says: 'Something is wrong with a material.', advice: 'Simplify it, and export again.' }],
  ['KHR_', { says: 'An extension is used wrongly.', advice: EXPORTER_BUG }],
  ['TEXTURE_', { says: 'Something is wrong with a texture.', advice: 'Save it anew as PNG or JPEG.' }],
];

const OTHERWISE: PlainWords = {
  says: 'Something is not as glTF 2.0 wants it.',
  advice: EXPORTER_BUG,
};

/** Words for every code, known or not. */
export function plainWords(code: string): PlainWords {
  const known = Object.hasOwn(WORDS, code) ? WORDS[code] : undefined;
  if (known !== undefined) return known;
  const family = FAMILIES.filter(([prefix]) => code.startsWith(prefix)).sort(
    ([one], [other]) => other.length - one.length,
  )[0];
  return family?.[1] ?? OTHERWISE;
}
