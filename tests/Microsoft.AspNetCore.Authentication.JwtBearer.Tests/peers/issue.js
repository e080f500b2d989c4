// Makes one key and one token per algorithm: node issue.js <issuer> <audience> <algorithm>… → {"keys": […], "tokens": {"RS256": "…"}}
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

const [issuer, audience, ...algorithms] = process.argv.slice(2);
const keys = [];
const tokens = {};
for (const alg of algorithms) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  keys.push({ ...await exportJWK(publicKey), kid: alg, use: 'sig', alg });
  tokens[alg] = await new SignJWT({ role: 'user' })
    .setProtectedHeader({ alg, kid: alg, typ: 'JWT' })
    .setIssuer(issuer).setAudience(audience).setSubject('ada').setIssuedAt().setExpirationTime('1h')
    .sign(privateKey);
}

process.stdout.write(JSON.stringify({ keys, tokens }));
