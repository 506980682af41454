// The bytes of WebSocket, as far as a server made for a test needs them.
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

export function grantUpgrade(request: IncomingMessage, socket: Socket): void {
  const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const accept = createHash('sha1').update(key).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
}

/** One WebSocket message, not masked, as a server sends it. */
export function frame(payload: string | Uint8Array): Buffer {
  const body = Buffer.from(payload as Uint8Array);
  const head = body.length < 126 ? Buffer.alloc(2) : body.length < 65_536 ? Buffer.alloc(4) : Buffer.alloc(10);
  head[0] = typeof payload === 'string' ? 0x81 : 0x82;
  if (head.length === 2) head[1] = body.length;
  else if (head.length === 4) {
    head[1] = 126;
    head.writeUInt16BE(body.length, 2);
  } else {
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(body.length), 2);
  }
  return Buffer.concat([head, body]);
}

/** Texts of the short masked frames a browser sends; the rest of `bytes` is kept for later. */
export function textsOf(bytes: Buffer): { texts: string[]; rest: Buffer } {
  const texts: string[] = [];
  let rest = bytes;
  while (rest.length >= 6) {
    const short = rest[1] & 127;
    const at = short === 126 ? 4 : 2;
    const length = short === 126 ? rest.readUInt16BE(2) : short;
    if (rest.length < at + 4 + length) break;
    const [mask, body] = [rest.subarray(at, at + 4), rest.subarray(at + 4, at + 4 + length)];
    if ((rest[0] & 15) === 1) texts.push(Buffer.from(body.map((byte, i) => byte ^ mask[i % 4])).toString());
    rest = rest.subarray(at + 4 + length);
  }
  return { texts, rest };
}
