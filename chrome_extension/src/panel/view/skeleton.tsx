/** Grey shapes where the result will stand. */

export function Skeleton({ text }: { text: string }) {
  return (
    <div class="skeletons">
      <p class="reading">
        <span class="spinner" aria-hidden="true" />
        {text}
      </p>
      {["hero", "bars", "line", "chart"].map((shape) => (
        <div key={shape} class={`skeleton skeleton-${shape}`} aria-hidden="true" />
      ))}
    </div>
  );
}
