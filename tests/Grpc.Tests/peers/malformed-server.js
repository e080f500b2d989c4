// An HTTP/2 server that answers every call wrongly, in the way that its header x-case names.
'use strict';
const http2 = require('http2');
const zlib = require('zlib');

const message = (flag, payload, length = payload.length) => {
  const prefix = Buffer.alloc(5);
  prefix[0] = flag;
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, payload]);
};
const empty = Buffer.alloc(0);
const ok = { 'grpc-status': '0' };
const answer = (stream, body, { headers = {}, trailers = ok } = {}) => {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...headers }, { waitForTrailers: trailers !== null });
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  stream.end(body);
};
const http = (status) => (stream) => {
  stream.respond({ ':status': status });
  stream.end();
};
const gzip = { headers: { 'grpc-encoding': 'gzip' } };

// 256 MiB of zeros in 260 kB, packed once.
let packed;
const bomb = () => (packed ??= message(1, zlib.gzipSync(Buffer.alloc(256 << 20))));

const cases = {
  content_type: (stream) => {
    stream.respond({ ':status': 200, 'content-type': 'text/html' });
    stream.end('<html>');
  },
  http_401: http(401),
  http_403: http(403),
  http_404: http(404),
  http_429: http(429),
  http_500: http(500),
  http_503: http(503),
  flag_unknown: (stream) => answer(stream, message(2, empty)),
  flag_without_encoding: (stream) => answer(stream, message(1, zlib.gzipSync(empty))),
  encoding_unknown: (stream) => answer(stream, message(1, empty), { headers: { 'grpc-encoding': 'snappy' } }),
  truncated_prefix: (stream) => answer(stream, Buffer.alloc(3)),
  truncated_payload: (stream) => answer(stream, message(0, Buffer.alloc(3), 10)),
  length_too_large: (stream) => answer(stream, message(0, empty, 0xffffffff)),
  garbage: (stream) => answer(stream, message(0, Buffer.from([0xff, 0xff, 0xff]))),
  gzip_garbage: (stream) => answer(stream, message(1, Buffer.from('no gzip at all')), gzip),
  gzip_truncated: (stream) => answer(stream, message(1, zlib.gzipSync(Buffer.alloc(1000, 'x')).subarray(0, 20)), gzip),
  gzip_bomb: (stream) => answer(stream, bomb(), gzip),
  no_message: (stream) => answer(stream, empty),
  two_messages: (stream) => answer(stream, Buffer.concat([message(0, empty), message(0, empty)])),
  no_status: (stream) => answer(stream, message(0, empty), { trailers: null }),
  status_not_a_number: (stream) => answer(stream, message(0, empty), { trailers: { 'grpc-status': 'fine' } }),
  status_unknown: (stream) => answer(stream, message(0, empty), { trailers: { 'grpc-status': '77', 'grpc-message': 'odd' } }),
  message_badly_encoded: (stream) => answer(stream, empty, { trailers: { 'grpc-status': '5', 'grpc-message': '100%; %zz %E2%98%BA' } }),
  headers_too_large: (stream) => answer(stream, message(0, empty), { headers: { 'x-large': 'x'.repeat(200000) } }),
  trailers_too_large: (stream) => answer(stream, message(0, empty), { trailers: { ...ok, 'x-large': 'x'.repeat(200000) } }),
  reset_cancel: (stream) => stream.close(http2.constants.NGHTTP2_CANCEL),
  reset_calm: (stream) => stream.close(http2.constants.NGHTTP2_ENHANCE_YOUR_CALM),
  reset_security: (stream) => stream.close(http2.constants.NGHTTP2_INADEQUATE_SECURITY),
  reset_internal: (stream) => stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR),
  connection_lost: (stream) => stream.session.destroy(),
  well: (stream) => answer(stream, message(0, empty)),
};

const server = http2.createServer({ maxSendHeaderBlockLength: 1 << 20 });
server.on('stream', (stream, headers) => {
  stream.on('error', () => {});
  stream.resume();
  cases[headers['x-case']](stream);
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.resume().on('end', () => process.exit(0));
