// An HTTP/2 server that says of every call how its message came, and answers it with an empty message.
'use strict';
const http2 = require('http2');
const zlib = require('zlib');

const server = http2.createServer();
server.on('stream', (stream, headers) => {
  const chunks = [];
  stream.on('data', (chunk) => chunks.push(chunk));
  stream.on('end', () => {
    const body = Buffer.concat(chunks);
    const payload = body.subarray(5, 5 + body.readUInt32BE(1));
    const inflated = body[0] === 1 ? zlib.gunzipSync(payload) : payload;
    console.log(`flag ${body[0]}, encoding ${headers['grpc-encoding']}, accepts ${headers['grpc-accept-encoding']}, inflated ${inflated.length}`);
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(Buffer.alloc(5));
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.resume().on('end', () => process.exit(0));
