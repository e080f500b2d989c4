// Reads an OTLP request for logs from standard input and prints it as JSON.
const { opentelemetry } = require('@opentelemetry/otlp-transformer/build/src/generated/root.js');
const { readFileSync } = require('node:fs');

const type = opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
const decoded = type.toObject(type.decode(readFileSync(0)), { longs: String, enums: String, bytes: String });
process.stdout.write(JSON.stringify(decoded));
