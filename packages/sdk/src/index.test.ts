import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { endpoints } from "@probity/contract";
import { afterEach, describe, expect, expectTypeOf, test } from "vitest";
import {
  type CallInput,
  createClient,
  type EndpointAnswer,
  type IngestAnswer,
  ProbityError,
  type ProbityEvent,
  SendError,
} from "./index.ts";
import { readLogText } from "./log-text.ts";
import { readRetryAfter } from "./probity-error.ts";
import { routes } from "./routes.ts";
import { watchLedger } from "./watch.ts";

interface Heard {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  readonly at: number;
}
type Handler = (heard: Heard, response: ServerResponse, count: number) => void;

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

/** A real server; its requests in order. */
async function serve(handler: Handler): Promise<{ url: string; heard: Heard[] }> {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const sent = Buffer.concat(parts);
      const body = (headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent).toString("utf8");
      const one: Heard = { method, url, headers, body, at: performance.now() };
      heard.push(one);
      response.setHeader("content-type", "application/json");
      handler(one, response, heard.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  servers.push(server);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard };
}

function refuse(response: ServerResponse, status: number, code: string, retryAfter?: string): void {
  if (retryAfter !== undefined) response.setHeader("retry-after", retryAfter);
  response.writeHead(status, { "content-type": "application/problem+json" });
  response.end(
    JSON.stringify({ type: `https://probity.dev/problems/${code}`, title: "No", status, detail: `because of ${code}` }),
  );
}

const follow = (n: number, note = "x"): ProbityEvent => ({
  specversion: "1.0",
  id: `e-${n}`,
  source: "shop",
  type: "user.followed",
  time: "2026-11-21T08:00:00Z",
  data: { user: `u-${n}`, merchant: "m-1", "x-note": note } as never,
});

function accept({ body }: Heard, response: ServerResponse): void {
  const events = JSON.parse(body) as ProbityEvent[];
  const verdicts = events.map((event, seq) => ({ verdict: "accepted", id: event.id, seq }));
  response.end(JSON.stringify({ accepted: events.length, duplicates: 0, rejected: 0, verdicts }));
}

test("methods and paths are the contract's", () => {
  const table = Object.fromEntries(Object.entries(endpoints).map(([name, { method, path }]) => [name, [method, path]]));
  expect(routes).toEqual(table);
});

describe("call", () => {
  test("fills the path, leaves out what is undefined, and shows the key", async () => {
    const { url, heard } = await serve((_, response) => response.end('{"items":[],"nextCursor":null}'));
    const client = createClient({ url: `${url}/`, key: "pk_1" });
    await client.call("listRatings", {
      params: { kind: "merchant" },
      query: { q: "竹 &", grade: "A", category: undefined } as never,
    });
    await client.call("readTrustCard", { params: { marketplace: "湖/畔", id: "a b?" } });
    expect(heard.map((one) => `${one.method} ${one.url}`)).toEqual([
      "GET /v1/ratings/merchant?q=%E7%AB%B9+%26&grade=A",
      "GET /v1/public/%E6%B9%96%2F%E7%95%94/merchants/a%20b%3F",
    ]);
    expect(heard[0]?.headers.authorization).toBe("Bearer pk_1");
  });

  test("sends no key where there is none, and a body as JSON", async () => {
    const { url, heard } = await serve((_, response) => response.end("{}"));
    await createClient({ url }).call("publishPolicy", { params: { policy: "ab" }, body: { noticeDays: 7 } });
    expect(heard[0]).toMatchObject({ method: "POST", url: "/v1/policies/ab/publish", body: '{"noticeDays":7}' });
    expect(heard[0]?.headers).toMatchObject({ "content-type": "application/json" });
    expect(heard[0]?.headers.authorization).toBeUndefined();
  });

  test("names the marketplace and says whether cookies go along; a POST always has a JSON body", async () => {
    const { url, heard } = await serve((_, response) => response.end("{}"));
    const asked: RequestInit[] = [];
    const fetch: typeof globalThis.fetch = (address, init) => {
      asked.push(init ?? {});
      return globalThis.fetch(address, init);
    };
    await createClient({ url, marketplace: "books", fetch }).call("signOut");
    await createClient({ url, credentials: "include", fetch }).call("readSession");
    expect(heard[0]).toMatchObject({ method: "POST", url: "/v1/session/end", body: "{}" });
    expect(heard[0]?.headers).toMatchObject({ "content-type": "application/json", "probity-marketplace": "books" });
    expect(heard[1]?.headers["probity-marketplace"]).toBeUndefined();
    expect(asked.map(({ credentials }) => credentials)).toEqual(["same-origin", "include"]);
  });

  test("a missing path parameter is the caller's bug", async () => {
    const client = createClient({ url: "http://127.0.0.1:9" });
    await expect(client.call("readRating", { params: { kind: "merchant" } as never })).rejects.toThrow(TypeError);
  });

  test("rejects with the server's problem", async () => {
    const { url, heard } = await serve((_, response) => refuse(response, 404, "not-found"));
    const error = await createClient({ url })
      .call("readRating", { params: { kind: "merchant", id: "x" } })
      .catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(ProbityError);
    expect(error).toMatchObject({
      name: "ProbityError",
      status: 404,
      code: "not-found",
      message: "No: because of not-found",
    });
    expect(heard).toHaveLength(1);
  });

  test("an answer that is no problem and one that is no JSON are told as they are", async () => {
    const page = await serve((_, response) => response.writeHead(502).end("<html>bad gateway</html>"));
    await expect(createClient({ url: page.url }).call("listMetrics")).rejects.toMatchObject({
      status: 502,
      problem: { type: "about:blank", detail: "<html>bad gateway</html>" },
    });
    const broken = await serve((_, response) => response.end("{"));
    await expect(createClient({ url: broken.url, retries: 0 }).call("listMetrics")).rejects.toMatchObject({
      status: 0,
    });
  });
});

describe("retries", () => {
  test("wait as long as the server asks, on 429 and 503", async () => {
    const { url, heard } = await serve((_, response, count) => {
      if (count === 1) refuse(response, 429, "rate-limited", "1");
      else if (count === 2) refuse(response, 503, "not-ready", "0");
      else response.end('{"items":[]}');
    });
    await createClient({ url }).call("listMetrics");
    expect(heard).toHaveLength(3);
    expect((heard[1]?.at ?? 0) - (heard[0]?.at ?? 0)).toBeGreaterThanOrEqual(990);
  });

  test("double their pause without a word from the server", async () => {
    const { url, heard } = await serve((_, response, count) =>
      count < 3 ? refuse(response, 503, "not-ready") : response.end('{"items":[]}'),
    );
    await createClient({ url }).call("listMetrics");
    const pauses = heard.slice(1).map((one, place) => one.at - (heard[place]?.at ?? 0));
    expect(pauses[0]).toBeGreaterThanOrEqual(490);
    expect(pauses[1]).toBeGreaterThanOrEqual(990);
  });

  test("end: with the last problem, after the number that was set, or where the wait is too long", async () => {
    const busy = await serve((_, response) => refuse(response, 429, "rate-limited", "0"));
    await expect(createClient({ url: busy.url, retries: 2 }).call("listMetrics")).rejects.toMatchObject({
      code: "rate-limited",
      retryAfterSeconds: 0,
    });
    expect(busy.heard).toHaveLength(3);
    const long = await serve((_, response) => refuse(response, 503, "not-ready", "3600"));
    await expect(createClient({ url: long.url }).call("listMetrics")).rejects.toMatchObject({
      retryAfterSeconds: 3_600,
    });
    expect(long.heard).toHaveLength(1);
  });

  test("never repeat a sign-in that is locked", async () => {
    const { url, heard } = await serve((_, response) => refuse(response, 429, "sign-in-locked", "0"));
    const body = { email: "a@b.example", password: "x" };
    await expect(createClient({ url }).call("signIn", { body })).rejects.toMatchObject({ code: "sign-in-locked" });
    expect(heard).toHaveLength(1);
  });

  test("a lost answer is asked for again only where that changes nothing", async () => {
    const lost = await serve((one, response, count) => {
      if (count === 1 || one.url.includes("publish")) response.destroy();
      else response.end('{"items":[]}');
    });
    const client = createClient({ url: lost.url, retries: 1 });
    await client.call("listMetrics");
    expect(lost.heard).toHaveLength(2);
    await expect(
      client.call("publishPolicy", { params: { policy: "ab" }, body: { noticeDays: 7 } }),
    ).rejects.toMatchObject({ status: 0 });
    expect(lost.heard).toHaveLength(3);
  });

  test("an attempt that hangs is given up", async () => {
    const { url } = await serve(() => undefined);
    await expect(createClient({ url, retries: 0, timeoutMs: 80 }).call("listMetrics")).rejects.toMatchObject({
      status: 0,
      problem: { title: "The server gave no answer" },
    });
    for (const server of servers) server.closeAllConnections();
  });

  test("Retry-After is seconds or a date", () => {
    const now = Date.parse("2026-11-21T08:00:00Z");
    expect(
      ["7", " 0 ", "Sat, 21 Nov 2026 08:00:05 GMT", "Sat, 21 Nov 2026 07:00:00 GMT", "soon", "", null].map((value) =>
        readRetryAfter(value, now),
      ),
    ).toEqual([7, 0, 5, 0, undefined, undefined, undefined]);
  });
});

describe("send", () => {
  test("keeps the order in batches of a thousand and adds the verdicts up", async () => {
    const { url, heard } = await serve(accept);
    const events = Array.from({ length: 2_300 }, (_, n) => follow(n));
    const answer = await createClient({ url, key: "pk_1" }).send(events);
    expect(heard.map((one) => (JSON.parse(one.body) as unknown[]).length)).toEqual([1_000, 1_000, 300]);
    expect(heard[0]?.headers["content-type"]).toBe("application/cloudevents-batch+json");
    expect(answer.accepted).toBe(2_300);
    expect(answer.verdicts.map((verdict) => verdict.id)).toEqual(events.map((event) => event.id));
  });

  test("keeps each body within four MiB, counted in bytes", async () => {
    const { url, heard } = await serve(accept);
    await createClient({ url }).send(Array.from({ length: 300 }, (_, n) => follow(n, "竹".repeat(10_000))));
    expect(heard.length).toBeGreaterThan(1);
    for (const one of heard) expect(Buffer.byteLength(one.body)).toBeLessThanOrEqual(4_194_304);
    expect(heard.flatMap((one) => JSON.parse(one.body) as unknown[])).toHaveLength(300);
  });

  test("packs what is long enough where it is told to, and only events", async () => {
    const { url, heard } = await serve((one, response) =>
      one.url === "/v1/events" ? accept(one, response) : response.end("{}"),
    );
    const client = createClient({ url, compress: true });
    const events = Array.from({ length: 100 }, (_, n) => follow(n));
    expect((await client.send(events)).accepted).toBe(100);
    await client.send([follow(1)]);
    await client.call("publishPolicy", { params: { policy: "ab" }, body: { noticeDays: 7 } });
    expect(heard.map(({ headers }) => headers["content-encoding"])).toEqual(["gzip", undefined, undefined]);
    expect(JSON.parse(heard[0]?.body ?? "")).toEqual(events);
    expect(Number(heard[0]?.headers["content-length"])).toBeLessThan((heard[0]?.body.length ?? 0) / 5);
    await createClient({ url }).send(events);
    expect(heard.at(-1)?.headers["content-encoding"]).toBeUndefined();
  });

  test("asks nothing for nothing, and one event goes alone through call", async () => {
    const { url, heard } = await serve((one, response) =>
      one.body.startsWith("[")
        ? accept(one, response)
        : response.end('{"accepted":1,"duplicates":0,"rejected":0,"verdicts":[]}'),
    );
    const client = createClient({ url });
    expect(await client.send([])).toEqual({ accepted: 0, duplicates: 0, rejected: 0, verdicts: [] });
    expect(heard).toEqual([]);
    await client.call("ingest", { body: follow(1) });
    expect(heard[0]?.headers["content-type"]).toBe("application/cloudevents+json");
  });

  test("loses nothing: what failed and what came after is handed back, and sending it again completes", async () => {
    let down = true;
    const { url, heard } = await serve((one, response, count) =>
      down && count > 1 ? refuse(response, 401, "key-unknown") : accept(one, response),
    );
    const client = createClient({ url });
    const events = Array.from({ length: 2_500 }, (_, n) => follow(n));
    const error = (await client.send(events).catch((cause: unknown) => cause)) as SendError;
    expect(error).toBeInstanceOf(SendError);
    expect(error).toBeInstanceOf(ProbityError);
    expect(error).toMatchObject({ code: "key-unknown", answered: { accepted: 1_000 } });
    expect(error.unsent).toEqual(events.slice(1_000));
    down = false;
    expect((await client.send(error.unsent)).accepted).toBe(1_500);
    expect(heard).toHaveLength(4);
  });

  test("goes on after a pause where the queue is full", async () => {
    const { url, heard } = await serve((one, response, count) =>
      count === 1 ? refuse(response, 429, "queue-full", "0") : accept(one, response),
    );
    expect((await createClient({ url }).send([follow(1)])).accepted).toBe(1);
    expect(heard).toHaveLength(2);
  });
});

test("types follow the contract", () => {
  const client = createClient({ url: "http://127.0.0.1:9" });
  expectTypeOf(client.send).returns.resolves.toEqualTypeOf<IngestAnswer>();
  expectTypeOf<EndpointAnswer<"readRating">["score"]>().toEqualTypeOf<number>();
  expectTypeOf<CallInput<"publishPolicy">["body"]>().toEqualTypeOf<{ noticeDays: 7 | 15 }>();
  // @ts-expect-error -- the path needs its parameters
  const missing = (): unknown => client.call("readRating");
  // @ts-expect-error -- no such endpoint
  const unknown = (): unknown => client.call("readNothing");
  expect([missing, unknown]).toHaveLength(2);
});

describe("watch", () => {
  test("reads events in any chunks, comes back when the stream ends or breaks, and ends with the signal", async () => {
    const notice = (size: number): string => `data: ${JSON.stringify({ size, newestAt: null, ratedSize: null })}\n\n`;
    const { url, heard } = await serve((_, response, count) => {
      response.setHeader("content-type", "text/event-stream");
      if (count === 1) {
        response.write(": hello\n\n");
        response.write(notice(1).slice(0, 9));
        setTimeout(() => response.end(notice(1).slice(9) + notice(2)), 20);
      } else if (count === 2) response.destroy();
      else response.end(notice(3));
    });
    const stop = new AbortController();
    const sizes: number[] = [];
    for await (const { size } of createClient({ url, marketplace: "shop" }).watch(stop.signal)) {
      sizes.push(size);
      if (size === 3) stop.abort();
    }
    expect(sizes).toEqual([1, 2, 3]);
    expect(heard[0]).toMatchObject({ url: "/v1/live?seconds=240", headers: { "probity-marketplace": "shop" } });
  });

  test("comes back when the stream has fallen silent", async () => {
    const { url, heard } = await serve((_, response, count) => {
      response.setHeader("content-type", "text/event-stream");
      response.write(`data: {"size":${count},"newestAt":null,"ratedSize":null}\n\n`);
    });
    const stop = new AbortController();
    const sizes: number[] = [];
    for await (const { size } of watchLedger({ url }, stop.signal, 60)) {
      sizes.push(size);
      if (size === 2) stop.abort();
    }
    expect(sizes).toEqual([1, 2]);
    expect(heard).toHaveLength(2);
  });

  test("rejects where the server refuses", async () => {
    const { url, heard } = await serve((_, response) => refuse(response, 403, "scope-missing"));
    const reading = (async () => {
      for await (const _notice of createClient({ url }).watch(new AbortController().signal));
    })();
    await expect(reading).rejects.toMatchObject({ status: 403, code: "scope-missing" });
    expect(heard).toHaveLength(1);
  });
});

test("text of the public log is read without cookies; a refusal is the same problem as elsewhere", async () => {
  const { url, heard } = await serve((_, response, count) => {
    if (count > 1) refuse(response, 404, "not-found");
    else response.end("quorum none\n");
  });
  expect(await readLogText({ url: `${url}/`, marketplace: "a b" }, "trust-policy")).toBe("quorum none\n");
  expect(heard[0]).toMatchObject({ method: "GET", url: "/log/a%20b/trust-policy" });
  await expect(readLogText({ url, marketplace: "m" }, "checkpoint")).rejects.toMatchObject({ code: "not-found" });
  const silent = async (): Promise<Response> => Promise.reject(new TypeError("gone"));
  await expect(readLogText({ url, marketplace: "m", fetch: silent }, "x")).rejects.toMatchObject({ status: 0 });
});
