// Calls Echo with @grpc/grpc-js: a line {"bytes", "concurrency", "seconds"} asks for a measurement, a line of JSON answers.
// node echo-client.js <packages> <protos> <target>
'use strict';
const { createRequire } = require('module');
const path = require('path');
const measure = require('./measure');

const [packages, protos, target] = process.argv.slice(2);
const packaged = createRequire(path.join(packages, 'package.json'));
const grpc = packaged('@grpc/grpc-js');
const { Echo } = grpc.loadPackageDefinition(packaged('@grpc/proto-loader').loadSync(path.join(protos, 'echo.proto'))).mainstay.benchmarks;
const client = new Echo(target, grpc.credentials.createInsecure());
const send = (request) => new Promise((resolve, reject) => client.Send(request, (error, response) => (error ? reject(error) : resolve(response))));

measure.serve(({ bytes, concurrency, seconds }) => {
  const request = { body: Buffer.alloc(bytes) };
  return measure.forSeconds(seconds, concurrency, () => send(request));
});
console.log('ready');
