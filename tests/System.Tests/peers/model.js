// A model behind OpenAI's chat completions API that reviews the sheets in four turns. Prints its port; takes one key only.
const http = require('http')

const key = process.argv[2]
const tool = (name, args) => ({ name: `filesystem__${name}`, args })
const read = sheet => tool('read_text_file', { path: `sheets/${sheet}` })

const turns = [
  { content: 'First the list.', calls: [tool('list_directory', { path: 'sheets' })] },
  { content: '', calls: [read('limits.csv'), read('01-capacity.csv')] },
  { content: 'Capacity passes. I write the report.', calls: [tool('write_file', { path: 'reports/commissioning-review.md', content: '# Review\n\nCapacity: pass.\n' })] },
  {
    content: JSON.stringify({
      plant: 'Norrvik 1', verdict: 'accepted_with_reservations', report: 'reports/commissioning-review.md',
      tests: [{ test: 'capacity', result: 'pass', measured: 38.66, limit: 38, unit: 'MWh', evidence: '01-capacity.csv' }],
    }),
    calls: [],
  },
]

function * chunks (id, turn) {
  const chunk = (delta, finish) => ({ id, object: 'chat.completion.chunk', created: 1, model: 'peer', choices: [{ index: 0, delta, finish_reason: finish ?? null }] })
  yield chunk({ role: 'assistant', content: '' })
  for (const piece of turn.content.match(/[^]{1,12}/g) ?? []) yield chunk({ content: piece })
  for (const [index, call] of turn.calls.entries()) {
    yield chunk({ tool_calls: [{ index, id: `call_${id}_${index}`, type: 'function', function: { name: call.name, arguments: '' } }] })
    for (const piece of JSON.stringify(call.args).match(/[^]{1,7}/g)) yield chunk({ tool_calls: [{ index, function: { arguments: piece } }] })
  }
  yield chunk({}, turn.calls.length > 0 ? 'tool_calls' : 'stop')
  yield { id, object: 'chat.completion.chunk', created: 1, model: 'peer', choices: [], usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 } }
}

const server = http.createServer(async (request, response) => {
  const refuse = (status, message) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message, type: 'invalid_request_error' } }))
  if (request.headers.authorization !== `Bearer ${key}`) return refuse(401, 'Incorrect API key provided.')
  if (request.method !== 'POST' || request.url !== '/v1/chat/completions') return refuse(404, `Unknown request URL: ${request.method} ${request.url}`)
  let body = ''
  for await (const piece of request) body += piece
  const asked = JSON.parse(body)
  const answered = asked.messages.filter(message => message.role === 'assistant')
  const unanswered = answered.flatMap(message => message.tool_calls ?? []).find(call => !asked.messages.some(message => message.role === 'tool' && message.tool_call_id === call.id))
  if (!asked.stream || !asked.stream_options?.include_usage) return refuse(400, 'This model streams, with its usage.')
  if (unanswered) return refuse(400, `An assistant message with 'tool_calls' must be followed by tool messages: ${unanswered.id}`)
  if (asked.tools.some(offered => offered.type !== 'function' || !offered.function.parameters)) return refuse(400, 'Tools need parameters.')
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const chunk of chunks(`chatcmpl-${answered.length}`, turns[answered.length])) response.write(`data: ${JSON.stringify(chunk)}\n\n`)
  response.end('data: [DONE]\n\n')
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
process.stdin.resume().on('end', () => process.exit())
