// What the peers' measurements share: the same loops and the same percentiles as our side's.
'use strict';
const readline = require('readline');

const now = () => Number(process.hrtime.bigint()) / 1e6;
const percentile = (sorted, share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];

/** Sums up latencies in milliseconds that were seen within a time, and the processor time in microseconds that it took. */
function reading(latencies, milliseconds, cpu) {
  const sorted = Float64Array.from(latencies).sort();
  return { perSecond: (sorted.length * 1000) / milliseconds, p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), cpu: (cpu.user + cpu.system) / 1000 / sorted.length };
}

async function run(concurrency, goesOn, operation) {
  const started = now();
  const cpu = process.cpuUsage();
  const latencies = [];
  let number = 0;
  await Promise.all(Array.from({ length: concurrency }, async () => {
    while (goesOn()) {
      const sent = now();
      await operation(number++);
      latencies.push(now() - sent);
    }
  }));
  return reading(latencies, now() - started, process.cpuUsage(cpu));
}

/** Repeats an operation for a time, a number of them at once. */
function forSeconds(seconds, concurrency, operation) {
  const end = now() + seconds * 1000;
  return run(concurrency, () => now() < end, operation);
}

/** Does an operation a number of times, a number of them at once. */
function times(count, concurrency, operation) {
  let left = count;
  return run(Math.min(count, concurrency), () => left-- > 0, operation);
}

/** Answers each line of input with what a function makes of it; ends with the input. */
function serve(answer) {
  const lines = readline.createInterface({ input: process.stdin });
  lines.on('line', (line) => answer(JSON.parse(line)).then(
    (seen) => console.log(JSON.stringify(seen)),
    (error) => { console.error(error); process.exit(1); }));
  lines.on('close', () => process.exit(0));
}

module.exports = { now, reading, forSeconds, times, serve };
