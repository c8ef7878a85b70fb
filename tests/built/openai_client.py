"""Reads each kind of stream of the HTTP API to its end with OpenAI's client, and prints what came as JSON.

usage: openai_client.py BASE_URL KEY PNG
"""

import json
import sys

from openai import OpenAI

base_url, key, picture = sys.argv[1:]
# A stream that does not end is told as a timeout, and not after ten minutes.
client = OpenAI(base_url=base_url, api_key=key, timeout=120, max_retries=0)

chat = client.chat.completions.create(
    model="nexus-gen-nano",
    messages=[{"role": "user", "content": "What can you draw?"}],
    stream=True,
)
chunks = list(chat)
few_steps = {"steps": 8, "seed": 5}
generated = client.images.generate(
    prompt="a photo of a dog", stream=True, partial_images=2, extra_body=few_steps
)
generated_types = [event.type for event in generated]
with open(picture, "rb") as file:
    edited = client.images.edit(
        image=file, prompt="make it blue", stream=True, partial_images=1, extra_body=few_steps
    )
    edited_types = [event.type for event in edited]
print(
    json.dumps(
        {
            "answer": "".join(chunk.choices[0].delta.content or "" for chunk in chunks),
            "finished": chunks[-1].choices[0].finish_reason,
            "generated": generated_types,
            "edited": edited_types,
        }
    )
)
