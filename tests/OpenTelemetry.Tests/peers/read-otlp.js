// Reads an OTLP request from standard input and prints it as JSON: node read-otlp.js trace|metrics
const { opentelemetry } = require('@opentelemetry/otlp-transformer/build/src/generated/root.js');
const { readFileSync } = require('node:fs');

const { collector } = opentelemetry.proto;
const requests = { trace: collector.trace.v1.ExportTraceServiceRequest, metrics: collector.metrics.v1.ExportMetricsServiceRequest };
const type = requests[process.argv[2]];
const decoded = type.toObject(type.decode(readFileSync(0)), { longs: String, enums: String, bytes: String });
process.stdout.write(JSON.stringify(decoded));
