import net from 'node:net';

/** What came back for bytes that no HTTP client would send. */
export interface RawAnswer {
  readonly status: number;
  /** Lines of the head, as sent. */
  readonly head: string;
  readonly body: string;
}

/** Writes a request as it is and reads to the end. The request has to close the connection. `from`: an address in 127.0.0.0/8. */
export function sendRaw(url: string, request: string | Buffer, from = '127.0.0.1'): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = net.connect({ port: Number(port), host: hostname, localAddress: from }, () => socket.write(request));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const end = text.indexOf('\r\n\r\n');
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]), head: text.slice(0, end), body: text.slice(end + 4) });
    });
  });
}
