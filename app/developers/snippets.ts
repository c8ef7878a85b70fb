import type { Call } from './call';

/** Calls of the HTTP API as text to be copied. The key stays in an environment variable. */

export const snippetLanguages = ['curl', 'typescript', 'python'] as const;
export type SnippetLanguage = (typeof snippetLanguages)[number];

export const keyVariable = 'NEXUS_GEN_API_KEY';
/** What stands for an image where the form has none. */
const fileName = 'picture.png';
/** Where the file goes in a body, before it is written; no prompt has it. */
const fileUrl = 'file:picture.png#here';

type Write = (call: Call, baseUrl: string) => string;

/** @param baseUrl with `/api/v1` */
export const writeSnippet = (language: SnippetLanguage, call: Call, baseUrl: string): string =>
  ({ curl, typescript, python })[language](call, baseUrl);

/** A literal of TypeScript and of Python alike: both read the escapes of JSON. */
const literal = (value: string | number) => JSON.stringify(value);

/** One word of a shell, whatever is in it. */
export const shellWord = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

const indented = (lines: string[], by: string) => lines.map((line) => `${by}${line}`);

/** The body of the JSON routes. @param pictureUrl where the image is; null for none */
function bodyOf(call: Call, pictureUrl: string | null): Record<string, unknown> {
  const { task, model, prompt, own, extra } = call;
  if (task !== 'understand')
    return {
      ...{ model, prompt },
      ...(task === 'edit' && pictureUrl ? { images: [{ image_url: pictureUrl }] } : {}),
      ...own,
      ...extra,
      response_format: 'url',
    };
  const content = pictureUrl
    ? [
        { type: 'text', text: prompt },
        { type: 'image_url', image_url: { url: pictureUrl } },
      ]
    : prompt;
  return {
    model,
    messages: [{ role: 'user', content }],
    ...own,
    ...extra,
  };
}

const paths = { generate: '/images/generations', edit: '/images/edits', understand: '/chat/completions' };

const curl: Write = (call, baseUrl) => {
  const head = [
    `curl ${shellWord(baseUrl + paths[call.task])}`,
    `-H "Authorization: Bearer $${keyVariable}"`,
  ];
  if (call.task === 'edit' && call.withFile) {
    const { model, prompt, own, extra } = call;
    const fields = { model, prompt, ...own, ...extra, response_format: 'url' };
    // --form-string takes the text as it is; -F would read a file where it begins with @ or <.
    const forms = Object.entries(fields).map(
      ([name, value]) => `--form-string ${shellWord(`${name}=${value}`)}`,
    );
    return [...head, `-F image=@${fileName}`, ...forms].join(' \\\n  ');
  }
  if (call.withFile) {
    // A document of the shell: what it would expand is escaped, but for the file.
    const body = JSON.stringify(bodyOf(call, fileUrl), null, 2).replaceAll(/[\\$`]/g, '\\$&');
    const encoded = body.replace(fileUrl, `data:image/png;base64,$(base64 < ${fileName} | tr -d '\\n')`);
    return `${[...head, "-H 'Content-Type: application/json'", '-d @- << BODY'].join(' \\\n  ')}\n${encoded}\nBODY`;
  }
  const body = JSON.stringify(bodyOf(call, call.pictureUrl), null, 2);
  return [...head, "-H 'Content-Type: application/json'", `-d ${shellWord(body)}`].join(' \\\n  ');
};

const typescript: Write = (call, baseUrl) => {
  const { task, model, prompt, pictureUrl, withFile, own, extra } = call;
  const lines = [
    ...(task === 'edit' && withFile ? ["import { createReadStream } from 'node:fs';"] : []),
    ...(task !== 'understand' ? ["import { writeFile } from 'node:fs/promises';"] : []),
    ...(task === 'understand' && withFile ? ["import { readFile } from 'node:fs/promises';"] : []),
    "import OpenAI from 'openai';",
    '',
    'const client = new OpenAI({',
    `  baseURL: ${literal(baseUrl)},`,
    `  apiKey: process.env.${keyVariable},`,
    '});',
    '',
  ];
  const named = Object.entries(extra).map(([name, value]) => `${name}: ${literal(value)}`);
  const known = Object.entries(own).map(([name, value]) => `${name}: ${literal(value)},`);
  // The client's types do not know these fields; a spread object passes them on.
  const more = named.length > 0 ? [`...({ ${named.join(', ')} } as object),`] : [];
  if (task === 'understand') {
    if (withFile) lines.push(`const image = await readFile('${fileName}', 'base64');`);
    const url = withFile ? '`data:image/png;base64,${image}`' : pictureUrl && literal(pictureUrl);
    const content = url
      ? [
          'content: [',
          `  { type: 'text', text: ${literal(prompt)} },`,
          `  { type: 'image_url', image_url: { url: ${url} } },`,
          '],',
        ]
      : [`content: ${literal(prompt)},`];
    lines.push(
      'const completion = await client.chat.completions.create({',
      `  model: ${literal(model)},`,
      '  messages: [',
      '    {',
      "      role: 'user',",
      ...indented(content, '      '),
      '    },',
      '  ],',
      ...indented(known, '  '),
      ...indented(more, '  '),
      '});',
      "console.log(completion.choices[0]?.message.content ?? '');",
    );
    return lines.join('\n') + '\n';
  }
  const image = pictureUrl ? `await fetch(${literal(pictureUrl)})` : `createReadStream('${fileName}')`;
  lines.push(
    `const result = await client.images.${task}({`,
    `  model: ${literal(model)},`,
    ...(task === 'edit' ? [`  image: ${image},`] : []),
    `  prompt: ${literal(prompt)},`,
    ...indented(known, '  '),
    ...indented(more, '  '),
    '});',
    "await writeFile('result.png', Buffer.from(result.data?.[0]?.b64_json ?? '', 'base64'));",
  );
  return lines.join('\n') + '\n';
};

const python: Write = (call, baseUrl) => {
  const { task, model, prompt, pictureUrl, withFile, own, extra } = call;
  const fetches = task === 'edit' && pictureUrl;
  const lines = [
    ...(task === 'understand' && !withFile ? [] : ['import base64']),
    'import os',
    ...(fetches ? ['from urllib.request import urlopen'] : []),
    '',
    'from openai import OpenAI',
    '',
    'client = OpenAI(',
    `    base_url=${literal(baseUrl)},`,
    `    api_key=os.environ["${keyVariable}"],`,
    ')',
    '',
  ];
  const named = Object.entries(extra).map(([name, value]) => `${literal(name)}: ${literal(value)}`);
  const known = Object.entries(own).map(([name, value]) => `${name}=${literal(value)},`);
  const more = named.length > 0 ? [`extra_body={${named.join(', ')}},`] : [];
  if (task === 'understand') {
    if (withFile)
      lines.push(
        `with open("${fileName}", "rb") as file:`,
        '    image = base64.b64encode(file.read()).decode()',
      );
    const url = withFile ? 'f"data:image/png;base64,{image}"' : pictureUrl && literal(pictureUrl);
    const content = url
      ? [
          '"content": [',
          `    {"type": "text", "text": ${literal(prompt)}},`,
          `    {"type": "image_url", "image_url": {"url": ${url}}},`,
          '],',
        ]
      : [`"content": ${literal(prompt)},`];
    lines.push(
      'completion = client.chat.completions.create(',
      `    model=${literal(model)},`,
      '    messages=[',
      '        {',
      '            "role": "user",',
      ...indented(content, '            '),
      '        },',
      '    ],',
      ...indented(known, '    '),
      ...indented(more, '    '),
      ')',
      'print(completion.choices[0].message.content)',
    );
    return lines.join('\n') + '\n';
  }
  const image = fetches
    ? `("${fileName}", urlopen(${literal(pictureUrl)}).read())`
    : `open("${fileName}", "rb")`;
  lines.push(
    `result = client.images.${task}(`,
    `    model=${literal(model)},`,
    ...(task === 'edit' ? [`    image=${image},`] : []),
    `    prompt=${literal(prompt)},`,
    ...indented(known, '    '),
    ...indented(more, '    '),
    ')',
    'with open("result.png", "wb") as file:',
    '    file.write(base64.b64decode(result.data[0].b64_json))',
  );
  return lines.join('\n') + '\n';
};
