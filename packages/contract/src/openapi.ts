import { z } from "zod";
import type { Endpoint } from "./endpoint-parts.ts";
import { endpoints } from "./endpoints.ts";
import { events } from "./events/index.ts";
import type { EventDefinition } from "./events/define.ts";
import { envelope } from "./ledger.ts";
import { limits } from "./limits.ts";
import { problem, problems } from "./problems.ts";

type Json = Record<string, unknown>;

function schemaOf(type: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...schema } = z.toJSONSchema(type, { io, target: "draft-2020-12", unrepresentable: "any" });
  return schema;
}

function eventSchemas(): Json {
  const { properties, required } = schemaOf(envelope, "input") as { properties: Json; required: string[] };
  const extension = {
    "^x-": { type: ["string", "number", "boolean"], maxLength: limits.extensionChars },
  };
  return Object.fromEntries(
    Object.entries(events as Record<string, EventDefinition>).map(([type, definition]) => [
      type,
      {
        type: "object",
        title: type,
        ...(definition.reserved ? { readOnly: true, description: "Written by the engine alone" } : {}),
        properties: {
          ...properties,
          type: { const: type },
          data: { ...schemaOf(definition.data, "input"), patternProperties: extension },
        },
        required,
        additionalProperties: false,
      },
    ]),
  );
}

function parametersOf(definition: Endpoint): Json[] {
  const list = (object: z.ZodObject | undefined, place: "path" | "query"): Json[] => {
    if (object === undefined) return [];
    const schema = schemaOf(object, "input") as { properties: Json; required?: string[] };
    return Object.entries(schema.properties).map(([name, property]) => ({
      name,
      in: place,
      required: place === "path" || (schema.required ?? []).includes(name),
      schema: property,
    }));
  };
  return [...list(definition.params, "path"), ...list(definition.query, "query")];
}

function bodyOf(definition: Endpoint): Json {
  if (definition.body === undefined) return {};
  if (definition.body !== "events") {
    return {
      requestBody: { required: true, content: { "application/json": { schema: schemaOf(definition.body, "input") } } },
    };
  }
  const one = { $ref: "#/components/schemas/Event" };
  return {
    requestBody: {
      required: true,
      description: `At most ${limits.batchEvents} events and ${limits.bodyBytes} bytes after decompression (Content-Encoding: gzip)`,
      content: {
        "application/cloudevents+json": { schema: one },
        "application/cloudevents-batch+json": { schema: { type: "array", maxItems: limits.batchEvents, items: one } },
        "application/json": { schema: { oneOf: [one, { type: "array", maxItems: limits.batchEvents, items: one }] } },
        "application/x-ndjson": { schema: { type: "string", description: "One event a line" } },
      },
    },
  };
}

function securityOf({ scope }: Endpoint): Json[] {
  if (scope === null || scope === "session") return [];
  return scope === "person" ? [{ session: [] }] : [{ key: [scope] }, { session: [scope] }];
}

function successOf({ answer, stream }: Endpoint): Json {
  if (answer instanceof z.ZodNull) return { 302: { description: "Redirects" } };
  const schema = schemaOf(answer, "output");
  return stream === true
    ? { 200: { description: "A stream; `data` of each event is", content: { "text/event-stream": { schema } } } }
    : { 200: { description: "Done", content: { "application/json": { schema } } } };
}

function operationOf(name: string, definition: Endpoint): Json {
  const failures = new Map<number, string[]>();
  for (const code of definition.problems) {
    const { status } = problems[code];
    failures.set(status, [...(failures.get(status) ?? []), code]);
  }
  return {
    operationId: name,
    summary: definition.summary,
    security: securityOf(definition),
    parameters: parametersOf(definition),
    ...bodyOf(definition),
    responses: {
      ...successOf(definition),
      ...Object.fromEntries(
        [...failures].map(([status, codes]) => [
          status,
          {
            description: codes.join(", "),
            content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
          },
        ]),
      ),
    },
  };
}

/** OpenAPI 3.1 document of the whole API, made from the contract. */
export function openapi(): Json {
  const schemas = eventSchemas();
  const paths: Record<string, Json> = {};
  for (const [name, definition] of Object.entries(endpoints as Record<string, Endpoint>)) {
    (paths[definition.path] ??= {})[definition.method.toLowerCase()] = operationOf(name, definition);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Probity",
      version: "1",
      summary: "Trust you can check",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    security: [{ key: [] }],
    paths,
    components: {
      securitySchemes: {
        key: { type: "http", scheme: "bearer", description: "API key made by `probity keys create`" },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "probity.session_token",
          description:
            "Session of a person, with `__Secure-` before its name over https. Requests name the marketplace by the header `probity-marketplace`; what changes something must come from the same origin.",
        },
      },
      schemas: {
        Problem: schemaOf(problem, "output"),
        Event: {
          oneOf: Object.keys(schemas).map((type) => ({ $ref: `#/components/schemas/${type}` })),
          discriminator: { propertyName: "type" },
        },
        ...schemas,
      },
    },
  };
}
