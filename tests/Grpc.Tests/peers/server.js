// Plays the server of the interoperability tests with @grpc/grpc-js, on a free port that it prints; ends with its input.
// Its one argument is JSON: {"tls": {"ca", "certificate", "key", "wantClient"}, "options": {channel options}}.
// Each line of input is a command: "shutdown" lets calls under way end and takes no more.
'use strict';
const fs = require('fs');
const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');
const path = require('path');

const { tls, options } = JSON.parse(process.argv[2] || '{}');
const definition = protoLoader.loadSync(path.join(__dirname, '..', 'protos', 'interop.proto'), { keepCase: true });
const { TestService } = grpc.loadPackageDefinition(definition).grpc.testing;
const zeros = (size) => ({ payload: { body: Buffer.alloc(size || 0) } });

const echoMetadata = (call) => {
  const headers = new grpc.Metadata();
  const [initial] = call.metadata.get('x-grpc-test-echo-initial');
  if (initial) headers.set('x-grpc-test-echo-initial', initial);
  const [previous] = call.metadata.get('grpc-previous-rpc-attempts');
  if (previous) headers.set('x-seen-previous-attempts', previous);
  if (Object.keys(headers.getMap()).length > 0) call.sendMetadata(headers);
  const trailers = new grpc.Metadata();
  const [trailing] = call.metadata.get('x-grpc-test-echo-trailing-bin');
  if (trailing) trailers.set('x-grpc-test-echo-trailing-bin', trailing);
  return trailers;
};

// "x-flaky: name;times;code;pushback" fails the first calls of a name; the message tells which attempt it was.
const attempts = new Map();
const flaky = (call) => {
  const [plan] = call.metadata.get('x-flaky');
  if (!plan) return undefined;
  const [name, times, code, pushback] = plan.split(';');
  const attempt = (attempts.get(name) || 0) + 1;
  attempts.set(name, attempt);
  if (attempt > Number(times)) return undefined;
  const metadata = new grpc.Metadata();
  if (pushback) metadata.set('grpc-retry-pushback-ms', pushback);
  return { code: Number(code), details: `attempt ${attempt}`, metadata };
};

const server = new grpc.Server(options);
server.addService(TestService.service, {
  EmptyCall: (call, callback) => callback(null, {}),
  UnaryCall(call, callback) {
    const failure = flaky(call);
    if (failure) return callback(failure);
    const trailers = echoMetadata(call);
    const status = call.request.response_status;
    if (status && status.code) callback({ code: status.code, details: status.message });
    else callback(null, zeros(call.request.response_size), trailers);
  },
  StreamingOutputCall(call) {
    const failure = flaky(call);
    const late = call.metadata.get('x-flaky-late').length > 0;
    if (failure && !late) return call.emit('error', failure);
    for (const { size } of call.request.response_parameters) call.write(zeros(size));
    if (failure) call.emit('error', failure);
    else call.end();
  },
  StreamingInputCall(call, callback) {
    const failure = flaky(call);
    if (call.metadata.get('x-read-nothing').length > 0) return;
    let sum = 0;
    call.on('data', (message) => {
      sum += message.payload.body.length;
      if (failure) callback(failure);
    });
    call.on('end', () => callback(null, { aggregated_payload_size: sum }));
  },
  FullDuplexCall(call) {
    echoMetadata(call);
    call.on('data', (request) => {
      const status = request.response_status;
      if (status && status.code) call.emit('error', { code: status.code, details: status.message });
      else (request.response_parameters || []).forEach(({ size }) => call.write(zeros(size)));
    });
    call.on('end', () => call.end());
    call.on('cancelled', () => console.log('cancelled'));
  },
});

const credentials = tls
  ? grpc.ServerCredentials.createSsl(
      fs.readFileSync(tls.ca),
      [{ cert_chain: fs.readFileSync(tls.certificate), private_key: fs.readFileSync(tls.key) }],
      tls.wantClient === true)
  : grpc.ServerCredentials.createInsecure();
server.bindAsync('127.0.0.1:0', credentials, (error, port) => console.log(error ? error.message : port));

const commands = {
  shutdown: () => server.tryShutdown(() => console.log('shut down')),
};
require('readline').createInterface({ input: process.stdin })
  .on('line', (line) => commands[line]())
  .on('close', () => process.exit(0));
