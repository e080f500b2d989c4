// Walks every rpc of a server that is known by reflection alone: calls each once and prints its code, as {"service/Method": code}.
// Usage: node walk.js <host:port> [bearer token]
'use strict';

const grpc = require('@grpc/grpc-js');
const protobuf = require('protobufjs');
require('protobufjs/ext/descriptor');

const [target, token] = process.argv.slice(2);
const reflection = protobuf.parse(`
  syntax = "proto3";
  package grpc.reflection.v1;
  message ServerReflectionRequest { string host = 1; oneof message_request { string file_containing_symbol = 4; string list_services = 7; } }
  message ServerReflectionResponse {
    oneof message_response { FileDescriptorResponse file_descriptor_response = 4; ListServiceResponse list_services_response = 6; ErrorResponse error_response = 7; }
  }
  message FileDescriptorResponse { repeated bytes file_descriptor_proto = 1; }
  message ListServiceResponse { repeated ServiceResponse service = 1; }
  message ServiceResponse { string name = 1; }
  message ErrorResponse { int32 error_code = 1; string error_message = 2; }
`).root;
const Request = reflection.lookupType('grpc.reflection.v1.ServerReflectionRequest');
const Response = reflection.lookupType('grpc.reflection.v1.ServerReflectionResponse');
const client = new grpc.Client(target, grpc.credentials.createInsecure());

function ask(request) {
  return new Promise((resolve, reject) => {
    const call = client.makeBidiStreamRequest(
      '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
      (message) => Buffer.from(Request.encode(Request.create(message)).finish()),
      (bytes) => Response.decode(bytes));
    call.on('data', resolve);
    call.on('error', reject);
    call.write(request);
    call.end();
  });
}

async function methodsOf(service) {
  const answer = await ask({ fileContainingSymbol: service });
  const files = answer.fileDescriptorResponse.fileDescriptorProto.map((bytes) => protobuf.descriptor.FileDescriptorProto.decode(bytes));
  const short = service.slice(service.lastIndexOf('.') + 1);
  return files.flatMap((file) => file.service).find((found) => found.name === short).method;
}

function call(path, isStreaming) {
  return new Promise((resolve) => {
    const metadata = new grpc.Metadata();
    if (token) {
      metadata.set('authorization', `Bearer ${token}`);
    }
    const identity = (bytes) => bytes;
    // A stream that does not end by itself is cut off.
    const options = { deadline: Date.now() + (isStreaming ? 5000 : 30000) };
    if (isStreaming) {
      // A stream that waits for news ends at its deadline alone.
      options.deadline = Date.now() + 10000;
      const stream = client.makeServerStreamRequest(path, identity, identity, Buffer.alloc(0), metadata, options);
      stream.on('data', () => {});
      stream.on('error', () => {});
      stream.on('status', (status) => resolve(status.code));
    } else {
      client.makeUnaryRequest(path, identity, identity, Buffer.alloc(0), metadata, options, (error) => resolve(error ? error.code : 0));
    }
  });
}

async function main() {
  const listed = (await ask({ listServices: '' })).listServicesResponse.service.map((service) => service.name);
  const codes = {};
  for (const service of listed.filter((name) => name.startsWith('mainstay.'))) {
    await Promise.all((await methodsOf(service)).map(async (method) => {
      codes[`${service}/${method.name}`] = await call(`/${service}/${method.name}`, method.serverStreaming);
    }));
  }
  console.log(JSON.stringify({ listed, codes }));
  client.close();
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
