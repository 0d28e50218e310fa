const ACCEPTED = '.glb,.gltf,.bin,.png,.jpg,.jpeg,.webp,.mp3,.ogg,.wav,.flac,.m4a,.mp4,.webm';

/** Opens the system's file dialogue for what a world can show or play. */
export function chooseFiles(use: (files: readonly File[]) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.accept = ACCEPTED;
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])];
    if (files.length > 0) use(files);
  });
  input.click();
}
