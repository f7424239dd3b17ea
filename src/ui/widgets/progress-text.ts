// Words for long work: "1,204 of 5,000 · 312 a second · 12 s left".

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat("en", { maximumSignificantDigits: 2 });

/** "8 s", "3 min 20 s", "2 h 5 min". */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
}

/** Speed and time left appear once a second has passed; before that they would jump about. */
export function progressText(done: number, total: number, elapsedMs: number): string {
  const parts = [`${whole.format(done)} of ${whole.format(total)}`];
  if (elapsedMs >= 1000 && done > 0 && done < total) {
    const perSecond = (done / elapsedMs) * 1000;
    parts.push(`${(perSecond < 10 ? fine : whole).format(perSecond)} a second`);
    parts.push(`${durationText(((total - done) / perSecond) * 1000)} left`);
  }
  return parts.join(" · ");
}
