// Client and worker of the official TypeScript SDK: a line {"measure", "count", "concurrency"} asks for a measurement, a line of JSON answers.
// node temporal.js <packages and bundled workflows> <address of the server>
'use strict';
const { createRequire } = require('module');
const { randomUUID } = require('crypto');
const fs = require('fs');
const path = require('path');
const measure = require('./measure');

const [packages, address] = process.argv.slice(2);
const packaged = createRequire(path.join(packages, 'package.json'));
const { Client, Connection } = packaged('@temporalio/client');
const { DefaultLogger, NativeConnection, Runtime, Worker } = packaged('@temporalio/worker');

const taskQueue = 'typescript';
const handled = new Map();

const expect = (seen, expected) => {
  if (seen !== expected) throw new Error(`Got ${seen} in place of ${expected}.`);
};

async function main() {
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'OFF', forward: {} } } });
  const client = new Client({ connection: await Connection.connect({ address }), namespace: 'default' });
  const worker = await Worker.create({
    connection: await NativeConnection.connect({ address }),
    namespace: 'default',
    taskQueue,
    workflowBundle: { code: fs.readFileSync(path.join(packages, 'lib', 'workflows.bundle.js'), 'utf8') },
    activities: { nothing: async () => null },
    sinks: { bench: { handled: { fn: (_info, number) => handled.get(number)?.(), callDuringReplay: false } } },
    // As our worker has them: see ManagedSide.
    maxConcurrentWorkflowTaskPolls: 20,
    nonStickyToStickyPollRatio: 0.5,
    maxConcurrentActivityTaskPolls: 20,
    shutdownGraceTime: 0,
  });
  const named = (args) => ({ taskQueue, workflowId: `${taskQueue}-${randomUUID()}`, args });

  const onTarget = async (count, operation) => {
    const target = await client.workflow.start('benchTarget', named([]));
    await target.query('state');
    const reading = await measure.times(count, 1, (number) => operation(target, number));
    await target.signal('go');
    await target.result();
    return reading;
  };

  const measures = {
    noop: ({ count, concurrency }) => measure.times(count, concurrency, async (number) => expect(await client.workflow.execute('noop', named([number])), number)),
    sequence: ({ count, concurrency }) => measure.times(count, concurrency, async () =>
      expect((await client.workflow.execute('sequence', named(['nothing', { startToCloseTimeout: '60s' }, 5]))).length, 5)),
    signal: ({ count }) => onTarget(count, async (target, number) => {
      const arrived = new Promise((resolve) => handled.set(number, resolve));
      await target.signal('add', number);
      await arrived;
      handled.delete(number);
    }),
    update: ({ count }) => onTarget(count, async (target, number) => expect(await target.executeUpdate('change', { args: [number] }), number)),
    query: ({ count }) => onTarget(count, async (target) => expect(await target.query('state'), 0)),
  };

  worker.run().catch((error) => { console.error(error); process.exit(1); });
  measure.serve((request) => measures[request.measure](request));
  console.log('ready');
}

main().catch((error) => { console.error(error); process.exit(1); });
