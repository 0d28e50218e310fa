/** The part of the Khronos validator that the tests use; the package ships no types. */
declare module 'gltf-validator' {
  export interface ValidationReport {
    readonly issues: { readonly messages: readonly unknown[] };
    readonly info: { readonly version: string; readonly totalTriangleCount: number };
  }
  export function validateBytes(
    bytes: Uint8Array,
    options: { readonly format: 'glb' },
  ): Promise<ValidationReport>;
}
