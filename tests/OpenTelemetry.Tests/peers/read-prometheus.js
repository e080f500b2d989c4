// Reads Prometheus's text from standard input and prints it as JSON.
const parse = require('parse-prometheus-text-format');
const { readFileSync } = require('node:fs');

process.stdout.write(JSON.stringify(parse(readFileSync(0, 'utf8'))));
