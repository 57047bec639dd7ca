import { act, post, request, tellStories, tool, type Case } from '../../support/policy-stories.ts';

const USD = 1_000_000;
const spent = (today: number, month = today) => ({
  state: { budget: { spentTodayMicros: today * USD, spentMonthMicros: month * USD } },
});
/** About 25 US dollars by the list price of a large model. */
const LONG = 'All the words there are. '.repeat(280_000);

type More = Omit<Case, 'action'>;
const ask = (more: More = {}, params = {}) =>
  act('model.generate', { prompt: 'Summarise this.', model: 'claude-sonnet-4', ...params }, more);

tellStories('cost-control', {
  'daily-budget': {
    match: {
      'a call when all is spent': ask(spent(10)),
      'a call that would go over': ask({ ...spent(9), facts: { cost: 2 } }),
    },
    miss: {
      'a call well below': ask(spent(2)),
      'a call that ends exactly there': ask({ ...spent(9), facts: { cost: 1 }, effect: 'allow' }),
      'a file when all is spent': act('file.read', { path: 'a.txt' }, spent(50)),
    },
    bypass: {
      'a cost that is declared as nothing': ask({ ...spent(9.999), facts: { cost: 0 } }, { maxTokens: 200_000 }),
      'a model without a name': act(
        'model.generate',
        { messages: [{ role: 'user', content: 'x' }], maxTokens: 200_000 },
        spent(9.9),
      ),
      'the address of the provider': post('https://api.openai.com/v1/chat/completions', { model: 'gpt-5' }, spent(10)),
      'another action that declares a cost': tool(
        'images.render',
        { text: 'x' },
        { ...spent(9), facts: { cost: 1.5 } },
      ),
    },
  },
  'monthly-budget': {
    match: { 'a call when the month is spent': ask(spent(0, 100)) },
    miss: { 'a call well below': ask(spent(0, 50)) },
    bypass: {
      'a cost that is declared as nothing': ask({ ...spent(0, 99.999), facts: { cost: 0 } }, { maxTokens: 200_000 }),
      'a cheap model by its name': ask(spent(0, 100), { model: 'tiny-free-flash', maxTokens: 1 }),
      'the address of the provider': post('https://api.anthropic.com/v1/messages', { model: 'claude' }, spent(0, 100)),
    },
  },
  'expensive-action': {
    match: {
      'one call for twelve dollars, which the day does not have either': tool(
        'images.render',
        { text: 'x' },
        { facts: { cost: 12 }, effect: 'deny' },
      ),
    },
    miss: { 'one call for nine dollars': tool('images.render', { text: 'x' }, { facts: { cost: 9 } }) },
    bypass: {
      'a cost that is declared too low': ask({ facts: { cost: 0.01 } }, { prompt: LONG, model: 'large' }),
      'the words in messages': act('model.generate', { messages: [{ role: 'user', content: LONG }] }),
      'the words in the system prompt': ask({}, { system: LONG, model: 'unheard-of' }),
    },
  },
  'unknown-cost': {
    match: {
      'a provider that is called by its address': post('https://api.openai.com/v1/responses', { model: 'gpt-5' }),
    },
    miss: {
      'the same with a declared cost': post(
        'https://api.openai.com/v1/responses',
        { model: 'gpt-5' },
        { facts: { cost: 0.05 } },
      ),
      'a site that costs nothing': request('https://example.com/'),
    },
    bypass: {
      'capitals in the address': post('https://API.OpenAI.com./v1/responses', { model: 'gpt-5' }),
      'another provider': post('https://api.mistral.ai/v1/chat/completions', { model: 'x' }),
      'a region of a cloud': post('https://ours.openai.azure.com/openai/deployments/x/chat', {}),
      'another method': request('https://openrouter.ai/api/v1/chat', { method: 'PUT', json: {} }),
    },
  },
  'budget-nearly-used': {
    match: { 'a call above eight dollars today': ask(spent(8.5)), 'a call above eighty this month': ask(spent(0, 85)) },
    miss: {
      'a call below both': ask(spent(7, 70)),
      'a file above both': act('file.read', { path: 'a.txt' }, spent(9, 90)),
    },
    bypass: {
      'a cost that is declared as nothing': ask({ ...spent(8), facts: { cost: 0 } }),
      'the address of the provider': {
        ...post('https://api.openai.com/v1/responses', {}, { ...spent(8.5), facts: { cost: 0.01 } }),
      },
      'a model without a name': act('model.generate', { prompt: 'x' }, spent(0, 80)),
    },
  },
  'token-cap': {
    match: { 'a call above a million tokens': ask({ state: { budget: { tokensRun: 999_500 } } }) },
    miss: {
      'a call below': ask({ state: { budget: { tokensRun: 900_000 } } }),
      'a file after many tokens': act('file.read', { path: 'a.txt' }, { state: { budget: { tokensRun: 5_000_000 } } }),
    },
    bypass: {
      'a limit that is asked for later': ask({ state: { budget: { tokensRun: 900_000 } } }, { maxTokens: 150_000 }),
      'many short messages': act(
        'model.generate',
        { model: 'haiku', messages: Array.from({ length: 2_000 }, () => ({ role: 'user', content: 'x'.repeat(300) })) },
        { state: { budget: { tokensRun: 900_000 } } },
      ),
      'a cheap model': ask({ state: { budget: { tokensRun: 1_000_000 } } }, { model: 'nano', maxTokens: 1 }),
    },
  },
  'cost-above-estimate': {
    match: {
      'a call that cost three times as much': ask({
        facts: { cost: 0.5 },
        output: { text: 'x', usage: {}, costUsd: 1.5 },
      }),
    },
    miss: {
      'a call that cost what it was estimated': ask({
        facts: { cost: 0.5 },
        output: { text: 'x', usage: {}, costUsd: 0.5 },
      }),
      'a call that says no cost': ask({ output: { text: 'x' } }),
    },
    bypass: {
      'an estimate of nothing': tool('images.render', { text: 'x' }, { facts: { cost: 0 }, output: { costUsd: 0.01 } }),
      'usage that is left out': ask({ facts: { cost: 0.1 }, output: { text: '', costUsd: 2 } }),
      'no model by name': act('model.generate', { prompt: 'x', maxTokens: 10 }, { output: { text: 'x', costUsd: 9 } }),
    },
  },
});
