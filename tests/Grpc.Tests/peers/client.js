// Plays the client of the interoperability tests with @grpc/grpc-js: node client.js <target> <case> [settings].
// The settings are JSON: {"tls": {"ca", "certificate", "key"}, "options": {channel options}}.
// Prints one line of JSON with what it saw.
'use strict';
const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');
const fs = require('fs');
const path = require('path');

const [target, name, settings] = process.argv.slice(2);
const { tls, options: channelOptions } = JSON.parse(settings || '{}');
const read = (file) => (file ? fs.readFileSync(file) : null);
const credentials = tls ? grpc.credentials.createSsl(read(tls.ca), read(tls.key), read(tls.certificate)) : grpc.credentials.createInsecure();
const definition = protoLoader.loadSync(path.join(__dirname, '..', 'protos', 'interop.proto'), { keepCase: true });
const { TestService, UnimplementedService } = grpc.loadPackageDefinition(definition).grpc.testing;
const client = new TestService(target, credentials, channelOptions);

const unary = (method, request, metadata = new grpc.Metadata(), options = {}) =>
  new Promise((resolve) => {
    const seen = {};
    const call = client[method](request, metadata, options, (error, response) => {
      seen.error = error && { code: error.code, details: error.details, trailers: Object.keys(error.metadata.getMap()) };
      seen.response = response;
    });
    call.on('metadata', (headers) => { seen.headers = headers; });
    call.on('status', (status) => { seen.status = status; resolve(seen); });
  });

const collect = (call) =>
  new Promise((resolve) => {
    const sizes = [];
    call.on('data', (message) => sizes.push(message.payload.body.length));
    call.on('error', () => {});
    call.on('status', (status) => resolve({ sizes, code: status.code, details: status.details }));
  });

const standins = path.join(__dirname, '..', '..', '..', 'standins');

// Asks for the services, the file of one of them, and a symbol that is not there.
const reflect = (file, version) =>
  new Promise((resolve) => {
    const reflection = protoLoader.loadSync(path.join(standins, 'Grpc.Reflection', 'protos', file), { keepCase: true });
    const { ServerReflection } = grpc.loadPackageDefinition(reflection).grpc.reflection[version];
    const call = new ServerReflection(target, credentials).ServerReflectionInfo();
    const answers = [];
    call.on('data', (answer) => answers.push(answer));
    call.on('status', ({ code }) => resolve({
      code,
      services: answers[0].list_services_response.service.map((service) => service.name),
      describes: answers[1].file_descriptor_response.file_descriptor_proto.some((bytes) => bytes.includes('UnaryCall')),
      missing: answers[2].error_response.error_code,
    }));
    call.write({ list_services: '' });
    call.write({ file_containing_symbol: 'grpc.testing.TestService' });
    call.write({ file_containing_symbol: 'grpc.testing.Nobody' });
    call.end();
  });

const cases = {
  async empty_unary() {
    return { code: (await unary('EmptyCall', {})).status.code };
  },
  async large_unary() {
    const { status, response } = await unary('UnaryCall', { response_size: 314159, payload: { body: Buffer.alloc(271828) } });
    return { code: status.code, size: response.payload.body.length };
  },
  async compressed_unary() {
    const options = { 'grpc.default_compression_algorithm': 2 };
    const compressing = new TestService(target, credentials, options);
    return new Promise((resolve) => compressing.UnaryCall({ response_size: 1000, payload: { body: Buffer.alloc(271828) } },
      (error, response) => resolve({ code: error ? error.code : 0, size: response && response.payload.body.length })));
  },
  client_streaming() {
    return new Promise((resolve) => {
      const call = client.StreamingInputCall((error, response) => resolve({ code: error ? error.code : 0, sum: response.aggregated_payload_size }));
      for (const size of [27182, 8, 1828, 45904]) call.write({ payload: { body: Buffer.alloc(size) } });
      call.end();
    });
  },
  server_streaming() {
    return collect(client.StreamingOutputCall({ response_parameters: [31415, 9, 2653, 58979].map((size) => ({ size })) }));
  },
  ping_pong() {
    const sizes = [31415, 9, 2653, 58979];
    const call = client.FullDuplexCall();
    const seen = collect(call);
    let next = 0;
    const send = () => (next < sizes.length ? call.write({ response_parameters: [{ size: sizes[next++] }] }) : call.end());
    call.on('data', send);
    send();
    return seen;
  },
  cancel_after_begin() {
    return new Promise((resolve) => {
      const call = client.StreamingInputCall((error) => resolve({ code: error.code }));
      setImmediate(() => call.cancel());
    });
  },
  cancel_after_first_response() {
    const call = client.FullDuplexCall();
    const seen = collect(call);
    call.on('data', () => call.cancel());
    call.write({ response_parameters: [{ size: 31415 }] });
    return seen;
  },
  timeout_on_sleeping_server() {
    const call = client.FullDuplexCall({ deadline: Date.now() + 50 });
    return collect(call);
  },
  async status_code_and_message() {
    const { status } = await unary('UnaryCall', { response_status: { code: 2, message: '\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n' } });
    return { code: status.code, details: status.details };
  },
  async unimplemented_method() {
    return { code: (await unary('UnimplementedCall', {})).status.code };
  },
  unimplemented_service() {
    const other = new UnimplementedService(target, credentials);
    return new Promise((resolve) => other.UnimplementedCall({}, (error) => resolve({ code: error.code })));
  },
  async custom_metadata() {
    const metadata = new grpc.Metadata();
    metadata.set('x-grpc-test-echo-initial', 'test_initial_metadata_value');
    metadata.set('x-grpc-test-echo-trailing-bin', Buffer.from([0xab, 0xab, 0xab]));
    const { headers, status } = await unary('UnaryCall', { response_size: 1 }, metadata);
    return {
      code: status.code,
      initial: headers.get('x-grpc-test-echo-initial')[0],
      trailing: status.metadata.get('x-grpc-test-echo-trailing-bin')[0].toString('hex'),
    };
  },
  // Says every status of the server as it comes, and ends with the third.
  health_watch() {
    const health = protoLoader.loadSync(path.join(standins, 'Grpc.HealthCheck', 'protos', 'health.proto'), { enums: String, defaults: true });
    const { Health } = grpc.loadPackageDefinition(health).grpc.health.v1;
    const call = new Health(target, credentials).Watch({ service: '' });
    return new Promise((resolve) => {
      let seen = 0;
      call.on('error', () => {});
      call.on('data', ({ status }) => {
        console.log(status);
        seen += 1;
        if (seen === 3) resolve({ seen });
      });
    });
  },
  reflection_v1: () => reflect('reflection_v1.proto', 'v1'),
  reflection_v1alpha: () => reflect('reflection_v1alpha.proto', 'v1alpha'),
  read_through_shutdown() {
    const call = client.StreamingOutputCall({});
    call.once('data', () => console.log('first response'));
    return collect(call);
  },
  async large_headers() {
    const metadata = new grpc.Metadata();
    metadata.set('x-large', 'x'.repeat(100000));
    const large = (await unary('EmptyCall', {}, metadata)).status.code;
    return { large, after: (await unary('EmptyCall', {})).status.code };
  },
  // Reads nothing until its input ends; meanwhile other calls go over the same connection.
  async slow_reader() {
    const call = client.StreamingOutputCall({});
    await new Promise((resolve) => call.on('metadata', resolve));
    for (let i = 0; i < 100; i += 1) await unary('EmptyCall', {});
    console.log('standing still');
    await new Promise((resolve) => process.stdin.resume().on('end', resolve));
    const { sizes, code } = await collect(call);
    return { received: sizes.length, code };
  },
  async status_details() {
    const { status } = await unary('FailWithDetails', {});
    const bytes = status.metadata.get('grpc-status-details-bin')[0];
    return { code: status.code, carriesReason: bytes.includes('FIELD_INVALID'), carriesField: bytes.includes('write 1.2.3') };
  },
};

cases[name]().then((seen) => {
  process.stdout.write(JSON.stringify(seen));
  process.exit(0);
});
