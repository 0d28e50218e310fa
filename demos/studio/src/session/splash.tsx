/** While the room is found and read. */
export function Splash({ text }: { text: string }) {
  return (
    <div class="splash" role="status">
      <svg width="40" height="40" viewBox="0 0 16 16" aria-hidden="true">
        <path class="warp" d="M3.2 5.6h9.6M3.2 10.4h9.6" />
        <path class="woof" d="M5.6 3.2v9.6M10.4 3.2v9.6" />
      </svg>
      <p>{text}</p>
    </div>
  );
}
