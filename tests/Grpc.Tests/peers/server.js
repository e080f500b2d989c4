// Plays the server of the interoperability tests with @grpc/grpc-js, on a free port that it prints; ends with its input.
'use strict';
const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');
const path = require('path');

const definition = protoLoader.loadSync(path.join(__dirname, '..', 'protos', 'interop.proto'), { keepCase: true });
const { TestService } = grpc.loadPackageDefinition(definition).grpc.testing;
const zeros = (size) => ({ payload: { body: Buffer.alloc(size) } });

const echoMetadata = (call) => {
  const [initial] = call.metadata.get('x-grpc-test-echo-initial');
  if (initial) {
    const headers = new grpc.Metadata();
    headers.set('x-grpc-test-echo-initial', initial);
    call.sendMetadata(headers);
  }
  const trailers = new grpc.Metadata();
  const [trailing] = call.metadata.get('x-grpc-test-echo-trailing-bin');
  if (trailing) trailers.set('x-grpc-test-echo-trailing-bin', trailing);
  return trailers;
};

const server = new grpc.Server();
server.addService(TestService.service, {
  EmptyCall: (call, callback) => callback(null, {}),
  UnaryCall(call, callback) {
    const trailers = echoMetadata(call);
    const status = call.request.response_status;
    if (status && status.code) callback({ code: status.code, details: status.message });
    else callback(null, zeros(call.request.response_size), trailers);
  },
  StreamingOutputCall(call) {
    for (const { size } of call.request.response_parameters) call.write(zeros(size));
    call.end();
  },
  StreamingInputCall(call, callback) {
    let sum = 0;
    call.on('data', (message) => { sum += message.payload.body.length; });
    call.on('end', () => callback(null, { aggregated_payload_size: sum }));
  },
  FullDuplexCall(call) {
    call.on('data', (request) => request.response_parameters.forEach(({ size }) => call.write(zeros(size))));
    call.on('end', () => call.end());
  },
});
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => console.log(port));
process.stdin.resume().on('end', () => process.exit(0));
