// Serves Echo with @grpc/grpc-js on a free port, which it prints; ends with its input.
// node echo-server.js <packages> <protos>
'use strict';
const { createRequire } = require('module');
const path = require('path');

const [packages, protos] = process.argv.slice(2);
const packaged = createRequire(path.join(packages, 'package.json'));
const grpc = packaged('@grpc/grpc-js');
const { Echo } = grpc.loadPackageDefinition(packaged('@grpc/proto-loader').loadSync(path.join(protos, 'echo.proto'))).mainstay.benchmarks;

const server = new grpc.Server();
server.addService(Echo.service, { Send: (call, callback) => callback(null, call.request) });
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => console.log(`127.0.0.1:${port}`));
process.stdin.resume().on('end', () => process.exit(0));
