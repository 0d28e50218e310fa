import { unreachable } from '@weft/core';
import { AssetField } from './asset-field.tsx';
import { ChoiceField } from './choice-field.tsx';
import { ColourField } from './colour-field.tsx';
import type { FieldProps } from './field-props.ts';
import { JsonField } from './json-field.tsx';
import { ListField } from './list-field.tsx';
import { NumberBox } from './number-box.tsx';
import { ObjectField } from './object-field.tsx';
import { RotationField } from './rotation-field.tsx';
import { SwitchField } from './switch-field.tsx';
import { TextField } from './text-field.tsx';
import { VectorField } from './vector-field.tsx';

/** The editor that a property asks for. */
export function Field(props: FieldProps) {
  const { field, value, disabled, onChange } = props;
  switch (field.editor) {
    case 'text':
    case 'paragraph':
      return <TextField {...props} />;
    case 'number':
      return (
        <NumberBox
          value={typeof value === 'number' ? value : 0}
          label={field.label}
          unit={field.unit}
          step={field.step}
          range={field}
          disabled={disabled}
          onChange={onChange}
        />
      );
    case 'switch':
      return <SwitchField {...props} />;
    case 'choice':
      return <ChoiceField {...props} />;
    case 'vector':
      return <VectorField {...props} />;
    case 'rotation':
      return <RotationField {...props} />;
    case 'colour':
    case 'linear-colour':
      return <ColourField {...props} />;
    case 'list':
      return <ListField {...props} />;
    case 'asset':
      return <AssetField {...props} />;
    case 'object':
      return <ObjectField {...props} />;
    case 'json':
      return <JsonField {...props} />;
    default:
      return unreachable(field.editor);
  }
}
