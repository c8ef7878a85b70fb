import { z } from 'zod';
import { takenNames } from '../../../models/runtime/image/format';
import { sitePath } from '../../platform/env/site-path';
import {
  chatChunk,
  chatRequest,
  chatResponse,
  editFields,
  editRequest,
  errorSchema,
  generationRequest,
  imagesResponse,
  modelList,
  modelSchema,
} from './schema';

type Json = { [key: string]: unknown };

/** Requests are described as they are written, with defaults left out; answers as they are read. */
const requests = {
  GenerationRequest: generationRequest,
  EditRequest: editRequest,
  EditForm: editFields,
  ChatRequest: chatRequest,
};
const answers = {
  ImagesResponse: imagesResponse,
  ChatResponse: chatResponse,
  ChatChunk: chatChunk,
  Model: modelSchema,
  ModelList: modelList,
  Error: errorSchema,
};

function schemas(): Record<string, Json> {
  const all: Record<string, Json> = {};
  const put = (parts: Record<string, z.ZodType>, io: 'input' | 'output') => {
    for (const [name, schema] of Object.entries(parts)) {
      const { $schema: _, ...json } = z.toJSONSchema(schema, {
        target: 'draft-2020-12',
        io,
        reused: 'inline',
      });
      all[name] = json as Json;
    }
  };
  put(requests, 'input');
  put(answers, 'output');
  const form = all.EditForm as { properties: Json; required?: string[] };
  form.properties.image = {
    type: 'string',
    format: 'binary',
    description: `${takenNames}, at most 20 MB.`,
  };
  form.required = ['image', ...(form.required ?? [])];
  return all;
}

const ref = (name: keyof typeof requests | keyof typeof answers) => ({
  $ref: `#/components/schemas/${name}`,
});
const json = (schema: Json) => ({ 'application/json': { schema } });

const failures: Record<string, string> = {
  400: 'Invalid request; `param` names the field.',
  401: 'The key is missing, invalid or revoked.',
  404: 'Unknown model.',
  409: 'The job was cancelled.',
  413: 'The request or its image is too large.',
  415: 'Unsupported content type.',
  429: 'Too many requests or jobs; `Retry-After` says when to retry.',
  500: 'Something went wrong on the server.',
  503: 'The server or its model is unavailable; `Retry-After` says when to retry.',
  504: 'The job did not finish in time and was cancelled.',
};

const failing = (...statuses: number[]) =>
  Object.fromEntries(
    statuses.map((status) => [
      String(status),
      { description: failures[String(status)] ?? '', content: json(ref('Error')) },
    ]),
  );
const ofJobs = failing(400, 401, 404, 409, 413, 415, 429, 500, 503, 504);

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  schema: { type: 'string', minLength: 1, maxLength: 255 },
  description:
    'The same key with the same request refers to the same job. A request with a key continues if its connection is lost, so that it can be sent again for the result; one without a key is cancelled.',
};

/** The OpenAPI 3.1 document of the HTTP API. @param site where this site is seen, e.g. `https://host.example/studio` */
export function openApiDocument(site: string): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Nexus-Gen Studio',
      version: '1',
      description: `Generates, edits and answers questions about images, in the format of OpenAI’s API: its clients work with this base URL and a key from ${sitePath('/developers')}. Unlisted fields are rejected; fields without effect are accepted only with their neutral values.`,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: `${site}/api/v1` }],
    security: [{ key: [] }],
    paths: {
      '/images/generations': {
        post: {
          operationId: 'generateImages',
          summary: 'Images from text',
          parameters: [idempotencyKey],
          requestBody: { required: true, content: json(ref('GenerationRequest')) },
          responses: { 200: imagesAnswer('image_generation'), ...ofJobs },
        },
      },
      '/images/edits': {
        post: {
          operationId: 'editImages',
          summary: 'Edit an image from text',
          parameters: [idempotencyKey],
          requestBody: {
            required: true,
            content: { 'multipart/form-data': { schema: ref('EditForm') }, ...json(ref('EditRequest')) },
          },
          responses: { 200: imagesAnswer('image_edit'), ...ofJobs },
        },
      },
      '/chat/completions': {
        post: {
          operationId: 'completeChat',
          summary: 'A question, with or without an image',
          parameters: [idempotencyKey],
          requestBody: { required: true, content: json(ref('ChatRequest')) },
          responses: {
            200: {
              description: 'The answer; with `stream`, as chunks followed by `[DONE]`.',
              content: { ...json(ref('ChatResponse')), 'text/event-stream': { schema: ref('ChatChunk') } },
            },
            ...ofJobs,
          },
        },
      },
      '/models': {
        get: {
          operationId: 'listModels',
          summary: 'Available models',
          responses: {
            200: { description: 'The models.', content: json(ref('ModelList')) },
            ...failing(401, 500, 503),
          },
        },
      },
      '/models/{id}': {
        get: {
          operationId: 'getModel',
          summary: 'One model',
          parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
          responses: {
            200: { description: 'The model.', content: json(ref('Model')) },
            ...failing(401, 404, 500, 503),
          },
        },
      },
      '/openapi.json': {
        get: {
          operationId: 'getOpenApi',
          summary: 'This document',
          security: [],
          responses: { 200: { description: 'OpenAPI 3.1.', content: json({ type: 'object' }) } },
        },
      },
    },
    components: {
      securitySchemes: {
        key: {
          type: 'http',
          scheme: 'bearer',
          description: `A key from ${sitePath('/developers')}: \`ngs_…\`.`,
        },
      },
      schemas: schemas(),
    },
  };
}

const imagesAnswer = (name: string) => ({
  description: `The images; with \`stream\`, as events ${name}.partial_image and ${name}.completed.`,
  content: { ...json(ref('ImagesResponse')), 'text/event-stream': { schema: { type: 'string' } } },
});
