/** Opens the system's file dialogue for one model. */
export function chooseModel(use: (file: File) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.glb,model/gltf-binary';
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    if (file !== undefined) use(file);
  });
  input.click();
}
