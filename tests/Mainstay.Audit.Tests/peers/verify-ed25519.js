// Verifies what a webhook was signed with; prints "true" or "false".
const { createPublicKey, verify } = require('node:crypto');
const { readFileSync } = require('node:fs');

const { publicKey, signed, signature } = JSON.parse(readFileSync(0, 'utf8'));
const prefix = Buffer.from('302a300506032b6570032100', 'hex'); // SubjectPublicKeyInfo of an Ed25519 key
const key = createPublicKey({ key: Buffer.concat([prefix, Buffer.from(publicKey, 'base64')]), format: 'der', type: 'spki' });
process.stdout.write(String(verify(null, Buffer.from(signed, 'base64'), key, Buffer.from(signature, 'base64'))));
