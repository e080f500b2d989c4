// An HTTP/2 server that answers its first call as gRPC, then refuses some, then answers again: node refusing-server.js <how> <times>.
// how: "stream" refuses single streams; "goaway" says that the connection goes away, its second call not seen.
'use strict';
const http2 = require('http2');

const [how, times] = process.argv.slice(2);
let seen = 0;
const server = http2.createServer();
server.on('stream', (stream) => {
  seen += 1;
  stream.on('error', () => {});
  if (seen > 1 && seen <= 1 + Number(times)) {
    if (how === 'stream') stream.close(http2.constants.NGHTTP2_REFUSED_STREAM);
    else stream.session.goaway(http2.constants.NGHTTP2_NO_ERROR, 1);
    return;
  }
  stream.resume();
  stream.on('end', () => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'x-seen': String(seen) }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(Buffer.alloc(5));
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.resume().on('end', () => process.exit(0));
